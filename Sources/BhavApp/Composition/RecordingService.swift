import Logging
import MarketData
import MarketHub
import MarketStore
import ServiceLifecycle

/// A recorder within the server: where it cannot go on it begins again after a while, from what the store has, and the
/// server stays.
struct RecordingService: Service {
    let recorder: OpenInterestRecorder
    let logger: Logger
    var pauseAfterFailure = Duration.seconds(60)

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                while !Task.isCancelled {
                    await record()
                    try await Task.sleep(for: pauseAfterFailure)
                }
            }
        } catch is CancellationError {}
    }

    private func record() async {
        do {
            try await recorder.run()
        } catch {
            let why = (error as? StoreError)?.message ?? (error as? MarketDataError)?.message ?? "\(type(of: error))"
            logger.error("recording stopped and begins again", metadata: ["why": "\(why)"])
        }
    }
}
