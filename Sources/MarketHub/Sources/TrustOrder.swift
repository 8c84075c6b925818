import Logging
import MarketData
import MarketHistory

/// Providers of one kind in order of trust, and the rule by which a question moves from one to the next.
struct TrustOrder<Provider: Sendable>: Sendable {
    let providers: [Provider]
    let subject: String
    let ledger: SourceLedger
    let logger: Logger

    /// The answer of the first provider that can give one.
    /// - Parameter waitsOut: Failures after which no other provider is to answer, besides those that are answers.
    func ask<Answer>(
        _ question: (Provider) async throws -> Answer, sourceOf source: (Answer) -> Provenance.Source?,
        unless waitsOut: Set<MarketDataError.Code> = []
    ) async throws -> Answer {
        var failures = Failures(subject: subject)
        for provider in providers {
            do {
                let answer = try await question(provider)
                if let source = source(answer) { ledger.received(from: source) }
                return answer
            } catch let error as CancellationError {
                throw error
            } catch {
                let failure = note(error)
                guard failures.add(failure), !waitsOut.contains(failure.code) else { throw failure }
            }
        }
        throw failures.summary
    }

    /// The same without waiting for a source that stalls: where one has not answered after `hedge`, the next is asked beside
    /// it, and the first answer counts. Who answered stands in the answer; that one was overtaken, in the log.
    func askHedged<Answer: Sendable>(
        _ question: @escaping @Sendable (Provider) async throws -> Answer,
        sourceOf source: @Sendable (Answer) -> Provenance.Source?, after hedge: Duration = .milliseconds(1500)
    ) async throws -> Answer {
        try await withThrowingTaskGroup(of: HedgedEvent<Answer>.self) { group in
            var failures = Failures(subject: subject)
            var asked = 0
            var waiting = 0
            func askNext() {
                guard asked < providers.count else { return }
                let provider = providers[asked]
                let number = asked
                asked += 1
                waiting += 1
                group.addTask {
                    do {
                        return .answered(try await question(provider), by: number)
                    } catch let error as CancellationError {
                        throw error
                    } catch {
                        return .failed(error)
                    }
                }
                guard asked < providers.count else { return }
                group.addTask {
                    try await Task.sleep(for: hedge)
                    return .isLate(number)
                }
            }
            askNext()
            defer { group.cancelAll() }
            while waiting > 0, let event = try await group.next() {
                switch event {
                case .answered(let answer, let number):
                    if let source = source(answer) { ledger.received(from: source) }
                    if number < asked - 1 || waiting > 1 {
                        logger.notice(
                            "a source was slow and another was asked beside it",
                            metadata: ["subject": "\(subject)", "after": "\(hedge)", "answered": "\(number + 1)"])
                    }
                    return answer
                case .failed(let error):
                    waiting -= 1
                    let failure = note(error)
                    guard failures.add(failure) else { throw failure }
                    if waiting == 0 { askNext() }
                case .isLate(let number):
                    if number == asked - 1 { askNext() }
                }
            }
            throw failures.summary
        }
    }

    /// Puts a failure into the ledger and the log.
    func note(_ error: any Error) -> MarketDataError {
        let failure = MarketDataError(wrapping: error)
        ledger.failed(failure)
        logger.debug(
            "a source failed",
            metadata: ["subject": "\(subject)", "code": "\(failure.code)", "why": "\(failure.message)"])
        return failure
    }

    /// The failures so far of one question.
    struct Failures {
        let subject: String
        private var all: [MarketDataError] = []

        init(subject: String) { self.subject = subject }

        /// Keeps a failure.
        /// - Returns: Whether the next provider may answer in this one's place.
        mutating func add(_ failure: MarketDataError) -> Bool {
            all.append(failure)
            return failure.code.letsNextSourceAnswer
        }

        /// What to tell after the last: the first failure that says more than "not supported", and beside it what the other
        /// sources said, each under its name.
        var summary: MarketDataError {
            let telling = all.filter { $0.code != .notSupported }
            guard let first = telling.first else {
                return all.first ?? MarketDataError(.notSupported, "no source for \(subject) is configured")
            }
            let others = telling.dropFirst().filter { $0.source != first.source }
            guard !others.isEmpty else { return first }
            let words = others.map { "\($0.source?.rawValue ?? "another source"): \($0.message)" }
            return MarketDataError(
                first.code, ([first.message] + words).joined(separator: "; "), source: first.source,
                recovery: first.recovery, suggestions: first.suggestions)
        }
    }
}

/// What happens while several providers are asked one after another.
private enum HedgedEvent<Answer: Sendable>: Sendable {
    case answered(Answer, by: Int)
    case failed(any Error)
    /// The provider of this number has not answered in time.
    case isLate(Int)
}

extension MarketDataError.Code {
    /// Whether the next source may be asked in place of one that failed so: it is down, too slow, sends what cannot be
    /// read, turns us away for now, or is not made for it. Any other failure is an answer, and another source's answer
    /// beside it would hide it.
    var letsNextSourceAnswer: Bool {
        switch self {
        case .upstreamUnavailable, .upstreamTimeout, .upstreamUnreadable, .throttled, .notSupported: true
        default: false
        }
    }

    /// Whether the failure is about one instrument, while the source itself is well.
    var concernsInstrumentOnly: Bool {
        switch self {
        case .symbolNotFound, .neverTraded, .notEntitled, .badRequest: true
        default: false
        }
    }
}

extension MarketDataError {
    static func tooSlow(_ limit: Duration) -> MarketDataError {
        MarketDataError(.upstreamTimeout, "no quote came within \(limit.components.seconds) s")
    }
}
