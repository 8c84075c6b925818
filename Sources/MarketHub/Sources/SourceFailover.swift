import Logging
import MarketData
import MarketHistory
import Synchronization

/// Providers of one kind in order of preference, and the rule by which a request falls back from one to the next.
struct SourceFailover<Provider: Sendable>: Sendable {
    let providers: [Provider]
    let subject: String
    let ledger: SourceLedger
    let logger: Logger

    /// Returns the value of the first provider that has one.
    /// - Parameter waitsOut: Failures after which no other provider is tried, besides those that are final.
    func fetch<Value>(
        _ operation: (Provider) async throws -> Value, sourceOf source: (Value) -> Provenance.Source?,
        unless waitsOut: Set<MarketDataError.Code> = []
    ) async throws -> Value {
        var failures = Failures(subject: subject)
        for provider in providers {
            do {
                let value = try await operation(provider)
                if let source = source(value) { ledger.received(from: source) }
                return value
            } catch let error as CancellationError {
                throw error
            } catch {
                let failure = note(error)
                guard failures.add(failure), !waitsOut.contains(failure.code) else { throw failure }
            }
        }
        throw failures.summary
    }

    /// The same without waiting for a source that stalls: if one has not responded after `hedge`, the next is tried in parallel
    /// and the first response wins. The response names its source; the log notes the slow one.
    func fetchHedged<Value: Sendable>(
        _ operation: @escaping @Sendable (Provider) async throws -> Value,
        sourceOf source: @Sendable (Value) -> Provenance.Source?, after hedge: Duration = .milliseconds(1500)
    ) async throws -> Value {
        try await fetchHedgedFrom(operation, sourceOf: source, after: hedge).value
    }

    /// The same, with the number of the provider that responded, from 0.
    func fetchHedgedFrom<Value: Sendable>(
        _ operation: @escaping @Sendable (Provider) async throws -> Value,
        sourceOf source: @Sendable (Value) -> Provenance.Source?, after hedge: Duration = .milliseconds(1500)
    ) async throws -> (value: Value, provider: Int) {
        try await withThrowingTaskGroup(of: HedgedEvent<Value>.self) { group in
            var failures = Failures(subject: subject)
            var started = 0
            var waiting = 0
            func startNext() {
                guard started < providers.count else { return }
                let provider = providers[started]
                let number = started
                started += 1
                waiting += 1
                group.addTask {
                    do {
                        return .succeeded(try await operation(provider), by: number)
                    } catch let error as CancellationError {
                        throw error
                    } catch {
                        return .failed(error)
                    }
                }
                guard started < providers.count else { return }
                group.addTask {
                    try await Task.sleep(for: hedge)
                    return .isLate(number)
                }
            }
            startNext()
            defer { group.cancelAll() }
            while waiting > 0, let event = try await group.next() {
                switch event {
                case .succeeded(let value, let number):
                    if let source = source(value) { ledger.received(from: source) }
                    if number < started - 1 || waiting > 1 {
                        logger.notice(
                            "a source was slow and another one was tried in parallel",
                            metadata: ["subject": "\(subject)", "after": "\(hedge)", "responded": "\(number + 1)"])
                    }
                    return (value, number)
                case .failed(let error):
                    waiting -= 1
                    let failure = note(error)
                    guard failures.add(failure) else { throw failure }
                    if waiting == 0 { startNext() }
                case .isLate(let number):
                    if number == started - 1 { startNext() }
                }
            }
            throw failures.summary
        }
    }

    /// Reads a live subscription from the first source that has data, and opens it again after a failure, until it fails
    /// for good, ends, or the task is cancelled.
    /// - Parameters:
    ///   - isData: Whether an event holds data; a source that had data is not replaced by the next one.
    ///   - receive: Called for each event, on the thread of the source.
    ///   - retry: Returns how long to wait before the next try; `nil` where there is none.
    /// - Returns: The failure; `nil` if the source ended the feed or the task is cancelled.
    func follow<Event>(
        _ open: (Provider) async throws -> Feed<Event>, isData: @escaping @Sendable (Event) -> Bool,
        receive: @escaping @Sendable (Event) -> Void, retry: (MarketDataError) -> Duration?
    ) async -> MarketDataError? {
        while !Task.isCancelled {
            guard let failure = await followOnce(open, isData: isData, receive: receive) else { return nil }
            guard let wait = retry(failure) else { return failure }
            try? await Task.sleep(for: max(wait, .milliseconds(100)))
        }
        return nil
    }

    private func followOnce<Event>(
        _ open: (Provider) async throws -> Feed<Event>, isData: @escaping @Sendable (Event) -> Bool,
        receive: @escaping @Sendable (Event) -> Void
    ) async -> MarketDataError? {
        var failures = Failures(subject: subject)
        for provider in providers {
            let hadData = Flag()
            do {
                try await open(provider).forEach { event in
                    if isData(event) { hadData.set() }
                    receive(event)
                }
                return nil
            } catch {
                guard !Task.isCancelled else { return nil }
                let failure = note(error)
                guard !hadData.isSet, failures.add(failure) else { return failure }
            }
        }
        return failures.summary
    }

    /// Records a failure in the ledger and the log.
    func note(_ error: any Error) -> MarketDataError {
        let failure = MarketDataError(wrapping: error)
        ledger.failed(failure)
        logger.debug(
            "a source failed",
            metadata: ["subject": "\(subject)", "code": "\(failure.code)", "reason": "\(failure.message)"])
        return failure
    }

    /// The failures of one request so far.
    struct Failures {
        let subject: String
        private var all: [MarketDataError] = []

        init(subject: String) { self.subject = subject }

        /// Keeps a failure.
        /// - Returns: Whether the next provider may be tried.
        mutating func add(_ failure: MarketDataError) -> Bool {
            all.append(failure)
            return failure.code.allowsNextSource
        }

        /// The error after the last provider: the first failure that says more than "not supported", followed by the
        /// messages of the other sources, each under its name.
        var summary: MarketDataError {
            let specific = all.filter { $0.code != .notSupported }
            guard let first = specific.first else {
                return all.first ?? MarketDataError(.notSupported, "no source for \(subject) is configured")
            }
            let others = specific.dropFirst().filter { $0.source != first.source }
            guard !others.isEmpty else { return first }
            let words = others.map { "\($0.source?.rawValue ?? "another source"): \($0.message)" }
            return MarketDataError(
                first.code, ([first.message] + words).joined(separator: "; "), source: first.source,
                recovery: first.recovery, suggestions: first.suggestions)
        }
    }
}

/// Something that happened, or did not yet.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}

/// What happens while several providers are tried one after another.
private enum HedgedEvent<Value: Sendable>: Sendable {
    case succeeded(Value, by: Int)
    case failed(any Error)
    /// The provider with this number has not responded in time.
    case isLate(Int)
}

extension MarketDataError.Code {
    /// Whether the next source may be tried after this failure: the source is down, too slow, returned invalid data,
    /// rejected us for now, or does not support the request. Any other failure is a result, and a value of another
    /// source would hide it.
    var allowsNextSource: Bool {
        switch self {
        case .upstreamUnavailable, .upstreamTimeout, .upstreamUnreadable, .throttled, .notSupported: true
        default: false
        }
    }

    /// Whether the failure concerns one instrument while the source itself is available.
    var concernsInstrumentOnly: Bool {
        switch self {
        case .symbolNotFound, .neverTraded, .notEntitled, .badRequest: true
        default: false
        }
    }
}

extension MarketDataError {
    static func tooSlow(_ limit: Duration) -> MarketDataError {
        MarketDataError(.upstreamTimeout, "no quote within \(limit.components.seconds) s")
    }
}

/// The hub's sources of past bars as one provider.
struct FailoverHistory: BarHistoryProvider {
    let failover: SourceFailover<any BarHistoryProvider>

    func bars(_ request: BarRequest) async throws -> BarSeries {
        try await failover.fetch({ try await $0.bars(request) }, sourceOf: \.provenance.source)
    }
}
