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

        /// What to tell after the last: the first failure that says more than "not supported".
        var summary: MarketDataError {
            all.first { $0.code != .notSupported } ?? all.first
                ?? MarketDataError(.notSupported, "no source for \(subject) is configured")
        }
    }
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
