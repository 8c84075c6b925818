/// The port that a server listens on, for those who wait for it.
public final class BoundPort: Sendable {
    private let promise = Promise<Int>()

    /// A server that does not listen yet.
    public init() {}

    /// The port, as soon as the server listens.
    /// - Throws: Why it will not listen; `CancellationError` where the waiting task is cancelled.
    public var value: Int {
        get async throws { try await promise.value() }
    }

    /// The server listens.
    public func resolve(_ port: Int) { promise.complete(.success(port)) }

    /// The server has ended; where it never listened, this is why.
    public func fail(_ error: any Error = CancellationError()) { promise.complete(.failure(error)) }
}
