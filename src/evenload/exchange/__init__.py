"""Other people's formats: workbooks and CSV folders in; workbooks, worksheets and JSON out. One module per format."""
