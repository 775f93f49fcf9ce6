"""What was expected of a file that cannot be read: one sentence for each code of the intake.

Names of sheets, columns and choices are those of the workbook contract and stay as they are in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evenload.words.phrases import Counted, Phrases
from evenload.words.voice import message

FILES: Final[Mapping[str, Phrases]] = {
    "file_missing": (message("There is no such file or folder."),),
    "folder_without_sheets": (message("Expected a folder with CSV files of these names: {sheets}."),),
    "file_type": (
        message("Expected an Excel workbook (.xlsx, .xlsm, .xls), an OpenDocument sheet (.ods) or a folder of CSV files, not {suffix}."),
        message("Expected an Excel workbook (.xlsx, .xlsm, .xls), an OpenDocument sheet (.ods) or a folder of CSV files."),
    ),
    "file_empty": (message("Expected a workbook; this file is empty."),),
    "file_unreadable": (message("The system refused to open this file. Check who may read it."),),
    "file_encrypted": (
        message(
            "Expected a workbook without a password. "
            "Open it in Excel, remove the password (File, Info, Protect Workbook) and save it again."
        ),
    ),
    "file_corrupted": (
        message("Expected a whole workbook; this one is damaged or is no workbook. Open it in Excel and save it again as .xlsx."),
    ),
    "file_too_large": (message("Expected a file of at most {limit} MB; this one has {megabytes} MB."),),
    "zip_too_many_members": (message("Expected a workbook of at most {limit} parts; this one has {members}."),),
    "zip_unpacked_too_large": (message("Expected a workbook of at most {limit} MB unpacked; this one has {megabytes} MB."),),
    "zip_member_too_large": (message("Expected parts of at most {limit} MB; {member} has {megabytes} MB unpacked."),),
    "zip_ratio": (message("Expected a workbook compressed at most {limit} times; this one is compressed {ratio} times."),),
    "zip_duplicate_member": (message("Expected a name of its own for every part of the workbook; {member} is there twice."),),
    "zip_member_path": (message("Expected parts that stay inside the workbook; {member} points outside."),),
    "xml_entities": (message("Expected a workbook without document types or entities; {member} declares some."),),
    "problems_more": (Counted("There is {count} more problem.", "There are {count} more problems.", "count"),),
    "text_encoding": (message("Expected a CSV file in UTF-8, UTF-16 or Windows-1252."),),
}
"""Problems of a whole file."""

SHEETS: Final[Mapping[str, Phrases]] = {
    "sheet_missing": (message("Expected a sheet named {sheet} (in French: {sheet_fr})."),),
    "sheet_twice": (message("Expected one sheet of this kind; {other} holds the same rows."),),
    "sheet_empty": (message("Expected a row of headings with {columns}; this sheet is empty."),),
    "sheet_too_large": (message("Expected at most {limit} cells; this sheet reaches over {rows} rows and {columns} columns."),),
    "csv_broken": (message("Expected quotation marks that close; they do not after line {line}."),),
    "column_missing": (message("Expected a column headed {column} (in French: {column_fr})."),),
    "column_unknown": (message("Expected the heading of a column that exists; see the template."),),
    "column_unknown_near": (message("Expected the heading of a column that exists. Did you mean {nearest}?"),),
    "column_twice": (message("Expected each column once; this one stands in {first} already."),),
    "value_without_heading": (message("Expected a heading above this value."),),
    "no_rows": (message("Expected at least one row."),),
    "merged_cells": (message("Expected cells that are not merged."),),
}
"""Problems of a sheet and its headings."""

CELLS: Final[Mapping[str, Phrases]] = {
    "required": (message("Expected a value; this column is required."),),
    "key_required": (message("Expected a value for {key} (in French: {key_fr})."),),
    "key_unknown": (message("Expected a key that exists; see the template."),),
    "key_unknown_near": (message("Expected a key that exists. Did you mean {nearest}?"),),
    "key_twice": (message("Expected each key once; this one stands in {first} already."),),
    "formula_not_calculated": (message("Expected a value. This formula was never calculated: open the workbook in Excel and save it."),),
    "formula_error": (message("Expected a value; this formula has an error."),),
    "not_a_number": (message("Expected a number from {low} to {high}."), message("Expected a number.")),
    "not_whole": (message("Expected a whole number."),),
    "number_ambiguous": (message("Expected a number without a thousands separator."),),
    "not_a_date": (message("Expected a date cell, or a date written YYYY-MM-DD."),),
    "not_yes_no": (message("Expected yes or no."),),
    "not_text": (message("Expected text; this is a date."),),
    "out_of_range": (message("Expected a number from {low} to {high}."),),
    "date_out_of_range": (message("Expected a date from {low} to {high}."),),
    "out_of_range_above": (message("Expected a number above {low}, at most {high}."),),
    "out_of_range_below": (message("Expected a number from {low}, below {high}."),),
    "percent_as_share": (message("Expected a percent from 0 to 100: write 95 for 95 percent."),),
    "choice_unknown": (message("Expected one of {choices}."),),
    "choice_unknown_near": (message("Expected one of {choices}. Did you mean {nearest}?"),),
    "language_unknown": (message("Expected a language code such as en, fr or ar."),),
    "language_unknown_near": (message("Expected a language code such as en, fr or ar. Did you mean {nearest}?"),),
    "language_twice": (message("Expected each language once; {language_code} stands here twice."),),
    "level_missing": (message("Expected a level after the language, as in {language_code}:fluent. One of {levels}."),),
    "level_unknown": (message("Expected a level after {language_code}: one of {levels}."),),
    "postal_invalid": (message("Expected a Canadian postal code such as K1A 0B1, or its first three characters."),),
    "text_too_long": (message("Expected at most {limit} characters; these are {length}."),),
    "control_character": (message("Expected text without control characters; {character} is one."),),
    "invisible_character": (message("Expected an id without invisible characters; {character} is one."),),
    "id_character": (message("Expected an id without {character}."),),
    "id_reserved": (message("Expected another id; this word has a meaning of its own here."),),
    "unknown_reference": (message("Expected an id of the sheet {sheet}."),),
    "unknown_reference_near": (message("Expected an id of the sheet {sheet}. Did you mean {nearest}?"),),
    "who_unknown": (message("Expected an id of the sheet practitioners, employee, independent or *; for duties also a discipline."),),
    "who_unknown_near": (
        message(
            "Expected an id of the sheet practitioners, employee, independent or *; for duties also a discipline. Did you mean {nearest}?"
        ),
    ),
    "goal_twice": (message("Expected each goal once; this one stands in {first} already."),),
    "min_above_max": (message("Expected at most comfortable_max_percent, which is {maximum}."),),
    "max_below_min": (message("Expected at least comfortable_min_percent, which is {minimum}."),),
    "coordinate_missing": (message("Expected a value beside {other}: latitude and longitude go together."),),
}
"""Problems of a cell."""

OWN_LISTS: Final[Mapping[str, Phrases]] = {
    "upload_type": (
        message("Expected an Excel workbook (.xlsx, .xlsm, .xls), an OpenDocument sheet (.ods), a CSV file, or a .zip of CSV files."),
    ),
    "file_takes_too_long": (message("Reading this file took longer than {seconds} seconds. Divide it, or save it again as .xlsx."),),
    "list_without_rows": (message("Expected a row of headings and at least one row below it."),),
    "list_too_long": (message("Expected a list of at most {limit} rows."),),
    "list_column_practitioner": (message("Expected a column that names the practitioner. Choose it among the columns."),),
    "list_column_work": (
        message("Expected a column that names a practitioner, a site, an area or a client. Choose one among the columns."),
    ),
    "list_column_discipline": (message("Expected a column with the discipline, or one discipline for the whole list."),),
    "list_without_units": (
        message("This list names people only. Add it to a program that has sites or clients, or choose the column that names them."),
    ),
    "list_several_people": (message("Expected one person in a cell. Write one row for each."),),
    "list_place_missing": (message("Expected a site, an area, a client or a practitioner on this row."),),
    "list_differs": (message("Expected {expected}, as in {first}. If both are right, the column means something else: choose again."),),
    "list_total_row": (message("This row looks like a total and is not read."),),
    "list_name_near": (message("Very near to {nearest}. If it is the same person, correct the spelling; else two people are created."),),
}
"""An organisation's own list, and the upload of a file."""

INPUT: Final[Mapping[str, Phrases]] = {**FILES, **SHEETS, **CELLS, **OWN_LISTS}
