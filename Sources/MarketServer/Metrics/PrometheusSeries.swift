import Metrics
import Synchronization

/// What one instrument recorded, as Prometheus reads it.
protocol PrometheusSeries: AnyObject, Sendable {
    func write(_ name: String, _ labels: [(String, String)], to text: inout PrometheusText)
}

final class PrometheusCounter: CounterHandler, PrometheusSeries {
    private let count = Atomic<Int64>(0)

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }

    func reset() { count.store(0, ordering: .relaxed) }

    func write(_ name: String, _ labels: [(String, String)], to text: inout PrometheusText) {
        text.sample(name, labels, Double(count.load(ordering: .relaxed)))
    }
}

final class PrometheusGauge: MeterHandler, RecorderHandler, PrometheusSeries {
    private let value = Mutex<Double?>(nil)

    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) { self.value.withLock { $0 = value } }

    func increment(by amount: Double) { value.withLock { $0 = ($0 ?? 0) + amount } }

    func decrement(by amount: Double) { increment(by: -amount) }

    func record(_ value: Int64) { set(Double(value)) }

    func record(_ value: Double) { set(value) }

    func write(_ name: String, _ labels: [(String, String)], to text: inout PrometheusText) {
        text.sample(name, labels, value.withLock { $0 })
    }
}

final class PrometheusSummary: RecorderHandler, PrometheusSeries {
    private let totals = Mutex((count: 0, sum: 0.0))

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) { totals.withLock { $0 = ($0.count + 1, $0.sum + value) } }

    func write(_ name: String, _ labels: [(String, String)], to text: inout PrometheusText) {
        let totals = totals.withLock { $0 }
        text.sample(name + "_sum", labels, totals.sum)
        text.sample(name + "_count", labels, Double(totals.count))
    }
}

final class PrometheusHistogram: TimerHandler, PrometheusSeries {
    /// The upper bounds of the buckets, in seconds.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    private struct State {
        var counts = [Int](repeating: 0, count: PrometheusHistogram.bounds.count + 1)
        var sum = 0.0
    }

    private let state = Mutex(State())

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) * 1e-9
        let bucket = PrometheusHistogram.bounds.firstIndex { seconds <= $0 } ?? PrometheusHistogram.bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += seconds
        }
    }

    func write(_ name: String, _ labels: [(String, String)], to text: inout PrometheusText) {
        let state = state.withLock { $0 }
        var total = 0
        for (bound, count) in zip(PrometheusHistogram.bounds + [.infinity], state.counts) {
            total += count
            text.sample(name + "_bucket", labels + [("le", bound == .infinity ? "+Inf" : String(bound))], Double(total))
        }
        text.sample(name + "_sum", labels, state.sum)
        text.sample(name + "_count", labels, Double(total))
    }
}
