import JSON
import MarketData
import Testing
import TradingViewProtocol

@testable import TradingView

@Suite("Watch over one live series")
struct SeriesWatchTests {
    @Test("it is checked after its patience, and more rarely the more often it was quiet")
    func patience() {
        var watch = SeriesWatch(patience: .seconds(60), at: .zero)
        #expect(!watch.isDue(at: .seconds(59)) && watch.isDue(at: .seconds(60)))
        var now = Duration.zero
        for pause in [60, 120, 240, 480, 960, 960] {
            #expect(!watch.isDue(at: now + .seconds(pause - 1)))
            now += .seconds(pause)
            #expect(watch.isDue(at: now))
            watch.started(1, at: now)
            #expect(!watch.isDue(at: now + .seconds(9999)) && !watch.hasSpoken)
            watch.wasQuiet(at: now)
        }
        watch.received(at: now + .seconds(1))
        #expect(!watch.isDue(at: now + .seconds(480)))
    }

    @Test("a closed market is not checked, and one that closed a moment ago still is")
    func resting() throws {
        var series = LiveSeries(try Wire.request(count: 2), deadlines: TradingViewDeadlines(), at: .zero)
        _ = series.open(Wire.session, at: .zero, now: Wire.now)
        let fields: [String: JSONValue] = [
            "full_name": "NSE:NIFTY", "session": "0915-1530", "timezone": "Asia/Kolkata",
        ]
        _ = series.receive(
            .symbolResolved(Wire.session, name: "sym_1", ResolvedSymbol(fields: fields)), at: .zero, now: Wire.now)
        // Thursday, 12 March 2026, and the holiday of 3 March.
        let opens = Timestamp(seconds: 1_773_287_100)
        let closes = Timestamp(seconds: 1_773_309_600)
        #expect(series.mayTrade(at: opens) && series.mayTrade(at: closes.advanced(bySeconds: 200)))
        #expect(
            !series.mayTrade(at: opens.advanced(bySeconds: -1)) && !series.mayTrade(at: closes.advanced(bySeconds: 400))
        )
        #expect(!series.mayTrade(at: opens.advanced(bySeconds: -9 * 86_400 + 3600)))
    }

    @Test("probes are limited, but those that found a frozen series do not count")
    func budget() {
        var probes = ProbeBudget(at: .zero)
        var taken = 0
        while probes.take(at: .zero) { taken += 1 }
        #expect(taken == 60)
        let early = probes.take(at: .seconds(9))
        probes.giveBack()
        let returned = probes.take(at: .seconds(9))
        let next = probes.take(at: .seconds(20))
        let second = probes.take(at: .seconds(20))
        let third = probes.take(at: .seconds(20))
        #expect([early, returned, next, second, third] == [false, true, true, true, false])
    }

    @Test("a few sessions are reserved for probes, and a connection without any is replaced")
    func reserve() {
        var budget = SessionBudget(limit: 2)
        budget.take()
        budget.take()
        #expect(budget.left == 0 && budget.leftForProbes == SessionBudget.reserve)
        for _ in 0..<SessionBudget.reserve { budget.take() }
        #expect(budget.leftForProbes == 0 && budget.isReplacementDue(open: 2))
        var studies = SessionBudget(limit: 2, studyLimit: 1)
        studies.takeStudy()
        #expect(studies.studiesLeft == 0)
    }
}
