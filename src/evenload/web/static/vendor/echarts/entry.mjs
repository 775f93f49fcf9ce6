/* What of ECharts the pages draw with; bundled into echarts.min.js as README.md says. */
import { use, init } from 'echarts/core.js';
import { BarChart, LineChart } from 'echarts/charts.js';
import { AriaComponent, GridComponent, LegendPlainComponent, TooltipComponent } from 'echarts/components.js';
import { LabelLayout } from 'echarts/features.js';
import { SVGRenderer } from 'echarts/renderers.js';

use([BarChart, LineChart, AriaComponent, GridComponent, LegendPlainComponent, TooltipComponent, LabelLayout, SVGRenderer]);
export { init };
