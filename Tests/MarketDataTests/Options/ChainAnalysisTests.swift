import MarketData
import Testing

@Suite("Analysis of a chain")
struct ChainAnalysisTests {
    @Test("a chain with prices has every value")
    func whole() {
        let analysis = ChainAnalysis(ModelChain().snapshot())
        #expect(analysis.rate == 0)
        #expect(analysis.greeks.value != nil)
        let reasons = [
            analysis.years.reason, analysis.moveByStraddle.reason, analysis.moveByVolatility.reason,
            analysis.atTheMoneyVolatility.reason, analysis.quarterDeltaSkew.reason, analysis.fivePercentSkew.reason,
            analysis.gammaExposure.reason, analysis.gammaFlip.reason,
        ]
        #expect(reasons == [String?](repeating: nil, count: reasons.count))
    }

    @Test("an expired chain with frozen values has nothing that needs time, with reasons")
    func expired() {
        let analysis = ChainAnalysis(ModelChain(days: 0).snapshot())
        let reason = "the options of 2026-11-24 expired at 2026-11-24T10:10:00Z"
        let reasons = [
            analysis.years.reason, analysis.greeks.reason, analysis.moveByVolatility.reason,
            analysis.atTheMoneyVolatility.reason, analysis.quarterDeltaSkew.reason, analysis.fivePercentSkew.reason,
            analysis.gammaExposure.reason, analysis.gammaFlip.reason,
        ]
        #expect(reasons == [String?](repeating: reason, count: reasons.count))
    }

    @Test("the strike window reports what is covered and what is not")
    func window() {
        var snapshot = RandomChain.snapshot([(90, 1, 1), (100.5, 1, 1)])
        #expect(snapshot.strikeWindow.value?.words == "2 strikes from 90 to 100.5; how many are listed is not known")
        #expect(snapshot.strikeWindow.value?.isWhole == nil)
        snapshot.listedStrikes = 99
        #expect(snapshot.strikeWindow.value?.isWhole == false)
        #expect(
            snapshot.strikeWindow.value?.words
                == "2 of 99 listed strikes, from 90 to 100.5; the others are not counted")
        snapshot.listedStrikes = 2
        #expect(snapshot.strikeWindow.value?.words == "all 2 listed strikes, from 90 to 100.5")
        snapshot.strikes = []
        #expect(snapshot.strikeWindow.reason == "there are no strikes")
    }

    @Test("net change is puts less calls, and unknown where either is")
    func netChange() {
        var snapshot = RandomChain.snapshot([(90, 1, 1), (100, 1, 1)])
        #expect(snapshot.netChange.reason == "the puts' change in open interest is not known")
        snapshot.strikes[0].put?.change = -7
        snapshot.strikes[1].put?.change = 3
        #expect(snapshot.netChange.reason == "the calls' change in open interest is not known")
        snapshot.strikes[0].call?.change = 10
        #expect(snapshot.netChange.value == -14)
    }

    @Test("an option's build-up follows from its changes since the previous close")
    func buildUp() {
        #expect(OptionData(change: 5, last: 10, priceChange: -1).buildUp.value == .shortBuildUp)
        #expect(OptionData(change: 5, last: 10).buildUp.reason == "the change of the price is not known")
        #expect(
            OptionData(last: 10, priceChange: 1).buildUp.reason == "the change of the open interest is not known")
    }
}
