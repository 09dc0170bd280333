// Chart.js with only the kinds of chart that a blueprint knows: bar, line, area, pie, donut.
import {
  ArcElement, BarController, BarElement, CategoryScale, Chart, DoughnutController, Filler, Legend, LinearScale,
  LineController, LineElement, PieController, PointElement, Tooltip,
} from "chart.js";

Chart.register(
  ArcElement, BarController, BarElement, CategoryScale, DoughnutController, Filler, Legend, LinearScale,
  LineController, LineElement, PieController, PointElement, Tooltip,
);
window.Chart = Chart;
