import Synchronization

/// A response and, where that is known, how long a new request would return the same.
package struct Reusable<Value: Sendable>: Sendable {
    package var value: Value
    /// `nil` where that is unknown: the response is for one request only.
    package var validity: Validity?

    package init(_ value: Value, validity: Validity? = nil) {
        self.value = value
        self.validity = validity
    }
}

/// The time in which a response is what a new request would return: no longer than one second of the clock, and until
/// any state that it was made from changes.
///
/// The maker of a response takes its validity first, and uses `moment` as the time: then the response depends on
/// nothing else, and a change while it is made ends the validity (docs/decisions/0015-response-cache.md).
package struct Validity: Sendable {
    /// The beginning of the second.
    package let moment: Timestamp
    private let clock: @Sendable () -> Timestamp
    private var counts: [(counter: ChangeCounter, count: Int)]
    private var others: [Validity] = []

    /// The present second of a clock, and the present state of what is counted.
    package init(clock: @escaping @Sendable () -> Timestamp, state: [ChangeCounter] = []) {
        counts = state.map { ($0, $0.count) }
        moment = clock().wholeSecond
        self.clock = clock
    }

    /// The time in which both hold.
    package func limited(by other: Validity) -> Validity {
        var both = self
        both.others.append(other)
        return both
    }

    /// Whether a new request would still return the same.
    package var holds: Bool {
        clock().wholeSecond == moment && counts.allSatisfy { $0.counter.count == $0.count }
            && others.allSatisfy(\.holds)
    }
}

/// Counts the changes of a state. A change is counted after it is made and before it is reported to anyone.
package final class ChangeCounter: Sendable {
    private let changes = Atomic(0)

    package init() {}

    /// How many changes there have been.
    package var count: Int { changes.load(ordering: .acquiring) }

    /// The state has changed.
    package func changed() { changes.add(1, ordering: .acquiringAndReleasing) }
}

/// A source of past bars that knows how long its responses stay the same.
package protocol ReusableBarHistory: BarHistoryProvider {
    /// The requested bars.
    /// - Throws: `MarketDataError`.
    func reusableBars(_ request: BarRequest) async throws -> Reusable<BarSeries>
}

/// A source of open interest that knows how long its responses stay the same.
package protocol ReusableOpenInterest: OpenInterestProvider {
    /// Open interest of one expiry at one moment.
    /// - Throws: `MarketDataError`, as `openInterest`.
    func reusableOpenInterest(_ request: OpenInterestRequest) async throws -> Reusable<OpenInterestSnapshot>
}

extension BarHistoryProvider {
    /// The requested bars, with their validity where the source knows it.
    /// - Throws: `MarketDataError`.
    package func barsWithValidity(_ request: BarRequest) async throws -> Reusable<BarSeries> {
        guard let source = self as? any ReusableBarHistory else { return Reusable(try await bars(request)) }
        return try await source.reusableBars(request)
    }
}

extension OpenInterestProvider {
    /// Open interest of one expiry at one moment, with its validity where the source knows it.
    /// - Throws: `MarketDataError`, as `openInterest`.
    package func openInterestWithValidity(
        _ request: OpenInterestRequest
    ) async throws -> Reusable<OpenInterestSnapshot> {
        guard let source = self as? any ReusableOpenInterest else {
            return Reusable(try await openInterest(request))
        }
        return try await source.reusableOpenInterest(request)
    }
}

extension Timestamp {
    /// The beginning of the second.
    package var wholeSecond: Timestamp { Timestamp(seconds: seconds) }
}
