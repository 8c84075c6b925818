import Logging
import MarketData
import MarketHistory
import MarketHub
import MarketStore
import ServiceLifecycle

/// A recorder within the server: where it cannot go on it begins again after a pause, from what the store has, and the
/// server stays. The pause doubles while it keeps failing: each beginning costs questions of the day's allowance.
struct RecordingService: Service {
    let recorder: OpenInterestRecorder
    let logger: Logger
    var firstPause = Duration.seconds(60)
    var longestPause = Duration.seconds(3_600)

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                var pause = firstPause
                while !Task.isCancelled {
                    let began = ContinuousClock.now
                    await record()
                    if ContinuousClock.now - began > longestPause { pause = firstPause }
                    try await Task.sleep(for: pause)
                    pause = min(pause * 2, longestPause)
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
