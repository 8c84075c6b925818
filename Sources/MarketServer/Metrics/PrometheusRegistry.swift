public import Metrics
import Synchronization

/// The instruments of a process behind the swift-metrics API, for `GET /metrics`.
///
/// An instrument's label is the name of a Prometheus metric and its dimensions are the labels. A timer becomes a histogram
/// in seconds, a recorder that aggregates a summary, every other recorder and a meter a gauge.
public final class PrometheusRegistry: MetricsFactory {
    /// A metric has no more series than this; further ones are not counted.
    static let mostSeries = 2_000

    private struct Family {
        let kind: PrometheusText.Kind
        var series: [[Label]: any PrometheusSeries] = [:]
    }

    private struct Label: Hashable, Comparable {
        let name: String
        let value: String

        static func < (one: Label, other: Label) -> Bool {
            (one.name, one.value) < (other.name, other.value)
        }
    }

    private struct State {
        var families: [String: Family] = [:]
        var help: [String: String] = [:]
    }

    private let state = Mutex(State())

    /// An empty registry.
    public init() {}

    /// Sets the text that explains a metric.
    public func describe(_ name: String, _ help: String) { state.withLock { $0.help[name] = help } }

    /// Writes all metrics, in the order of their names.
    func write(to text: inout PrometheusText) {
        let (families, help) = state.withLock { ($0.families, $0.help) }
        for (name, family) in families.sorted(by: { $0.key < $1.key }) where !family.series.isEmpty {
            text.begin(name, family.kind, help[name])
            for (labels, series) in family.series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                series.write(name, labels.map { ($0.name, $0.value) }, to: &text)
            }
        }
    }

    /// The series of a name and its labels; a new one where there is none. `nil` where the name already has another kind,
    /// or as many series as a metric may have.
    private func series<Series: PrometheusSeries>(
        _ label: String, _ dimensions: [(String, String)], _ kind: PrometheusText.Kind, _ make: () -> Series
    ) -> Series? {
        let name = PrometheusText.name(label)
        let labels = dimensions.map { Label(name: PrometheusText.name($0.0), value: $0.1) }
        return state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind)
            if let known = family.series[labels] { return known as? Series }
            guard family.kind == kind, family.series.count < PrometheusRegistry.mostSeries else { return nil }
            let series = make()
            family.series[labels] = series
            state.families[name] = family
            return series
        }
    }

    private func remove(_ handler: AnyObject) {
        state.withLock { state in
            for (name, family) in state.families {
                for (labels, series) in family.series where series === handler {
                    state.families[name]?.series[labels] = nil
                }
            }
        }
    }
}

extension PrometheusRegistry {
    /// A counter.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter, PrometheusCounter.init)
            ?? NOOPMetricsHandler.instance.makeCounter(label: label, dimensions: dimensions)
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge, PrometheusGauge.init)
            ?? NOOPMetricsHandler.instance.makeMeter(label: label, dimensions: dimensions)
    }

    /// A summary without quantiles where it aggregates, else a gauge.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        let recorder: (any RecorderHandler)? =
            aggregate
            ? series(label, dimensions, .summary, PrometheusSummary.init)
            : series(label, dimensions, .gauge, PrometheusGauge.init)
        return recorder
            ?? NOOPMetricsHandler.instance.makeRecorder(label: label, dimensions: dimensions, aggregate: aggregate)
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram, PrometheusHistogram.init)
            ?? NOOPMetricsHandler.instance.makeTimer(label: label, dimensions: dimensions)
    }

    /// Removes a counter's series.
    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    /// Removes a meter's series.
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    /// Removes a recorder's series.
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    /// Removes a timer's series.
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
