import {
  CategoryScale,
  Chart,
  Decimation,
  Filler,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js'
import { MatrixController, MatrixElement } from 'chartjs-chart-matrix'

/** The parts of Chart.js that are used; importing this file registers them once. */
Chart.register(
  CategoryScale,
  Decimation,
  Filler,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  MatrixController,
  MatrixElement,
  PointElement,
  ScatterController,
  Tooltip,
)
// Figures change under the reader's hand: they must not swim.
Chart.defaults.animation = false
Chart.defaults.responsive = true
Chart.defaults.maintainAspectRatio = false

export { Chart }
