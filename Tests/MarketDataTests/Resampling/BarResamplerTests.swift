import MarketData
import Testing

@Suite("Building bars from finer ones")
struct BarResamplerTests {
    /// Monday, at NSE.
    static let monday = CalendarDate("2026-11-23") ?? CalendarDate(daysSinceEpoch: 0)

    private func at(_ hour: Int, _ minute: Int) -> Timestamp {
        IndianTime.timestamp(Self.monday, ClockTime(hour: hour, minute: minute))
    }

    private func bar(
        _ hour: Int, _ minute: Int, _ price: Double = 100, volume: Double? = 10, openInterest: Double? = nil,
        isFinal: Bool = true
    ) -> Bar {
        Bar(
            time: at(hour, minute), open: price, high: price + 2, low: price - 1, close: price + 1, volume: volume,
            openInterest: openInterest, isFinal: isFinal
        )
    }

    private func resample(
        _ bars: [Bar], to interval: Interval = .fiveMinutes, asOf moment: Timestamp
    ) throws -> ResampledBars {
        try BarResampler(from: .oneMinute, to: interval, calendar: .nse).resample(bars, asOf: moment)
    }

    @Test("takes open of the first, extremes, close and open interest of the last, and the sum of volumes")
    func parts() throws {
        let bars = [bar(9, 15, 100), bar(9, 16, 110), bar(9, 17, 90), bar(9, 18), bar(9, 19, 105, openInterest: 7)]
        let built = try resample(bars, asOf: at(9, 20))
        let whole = Bar(
            time: at(9, 15), open: 100, high: 112, low: 89, close: 106, volume: 50, openInterest: 7, isFinal: true
        )
        #expect(built == ResampledBars(bars: [whole]))
    }

    @Test("an unknown volume of one part makes the whole unknown", arguments: [0, 1, 4])
    func volume(unknown: Int) throws {
        let bars = (0..<5).map { bar(9, 15 + $0, volume: $0 == unknown ? nil : 10) }
        #expect(try resample(bars, asOf: at(9, 20)).bars.map(\.volume) == [nil])
    }

    @Test("the last open interest is unknown where the last part has none")
    func openInterest() throws {
        let bars = [bar(9, 15, openInterest: 5), bar(9, 16)]
        #expect(try resample(bars, asOf: at(9, 17)).bars.map(\.openInterest) == [nil])
    }

    @Test("a bar whose last part is still forming is not final and misses nothing")
    func forming() throws {
        let built = try resample([bar(9, 15), bar(9, 16), bar(9, 17, isFinal: false)], asOf: at(9, 17))
        #expect(built.bars.map(\.isFinal) == [false])
        #expect(built.incomplete.isEmpty)
    }

    @Test("a bar is not final before its close, though all its parts so far are")
    func early() throws {
        #expect(try resample([bar(9, 15), bar(9, 16)], asOf: at(9, 17)).bars.map(\.isFinal) == [false])
    }

    @Test("a bar is final once a later bar exists, whatever the clock shows")
    func superseded() throws {
        let built = try resample((15...20).map { bar(9, $0) }, asOf: at(9, 16))
        #expect(built.bars.map(\.isFinal) == [true, false])
    }

    @Test("a bar with a part that is not final is not final, even after its close")
    func unfinished() throws {
        let bars = (15...20).map { bar(9, $0, isFinal: $0 != 18) }
        #expect(try resample(bars, asOf: at(9, 30)).bars.map(\.isFinal) == [false, true])
    }

    @Test(
        "a missing part of a bar is reported, whether first, last or between",
        arguments: [15, 17, 19])
    func incomplete(missing: Int) throws {
        let bars = (15..<30).filter { $0 != missing }.map { bar(9, $0) }
        let built = try resample(bars, asOf: at(9, 30))
        #expect(built.bars.count == 3)
        #expect(built.incomplete == [at(9, 15)])
    }

    @Test("a missing end of a bar is reported once it should exist, and future parts are not")
    func missingEnd() throws {
        #expect(try resample([bar(9, 15)], asOf: at(9, 16)).incomplete.isEmpty)
        #expect(try resample([bar(9, 15)], asOf: at(9, 17)).incomplete == [at(9, 15)])
    }

    @Test("no bar is made where no part exists")
    func gap() throws {
        let bars = (15..<20).map { bar(9, $0) } + (30..<35).map { bar(9, $0) }
        let built = try resample(bars, asOf: at(9, 35))
        #expect(built.bars.map(\.time) == [at(9, 15), at(9, 30)])
        #expect(built.incomplete.isEmpty)
    }

    @Test("a day without its last minutes is incomplete, and one with all of them is complete")
    func day() throws {
        let minutes = (0..<375).map { bar(9, 15 + $0) }
        let whole = try resample(minutes, to: .oneDay, asOf: at(15, 30))
        #expect(whole.bars.map(\.isFinal) == [true])
        #expect(whole.incomplete.isEmpty)
        let early = Array(minutes.prefix(359))
        #expect(try resample(early, to: .oneDay, asOf: at(15, 15)).incomplete == [at(9, 15)])
        #expect(try resample(early, to: .oneDay, asOf: at(15, 14)).incomplete == [])
    }

    @Test("parts outside the hours or off the minute belong to a bar of their time")
    func outside() throws {
        var odd = bar(9, 16)
        odd.time = odd.time.advanced(bySeconds: 7)
        let built = try resample([bar(9, 0), bar(9, 15), odd, bar(9, 17), bar(15, 30)], asOf: at(16, 0))
        #expect(built.bars.map(\.time) == [at(9, 0), at(9, 15), at(15, 30)])
        #expect(built.bars.map(\.volume) == [10, 30, 10])
        #expect(built.incomplete == [at(9, 15)])
    }

    @Test("a trade at the close belongs to a last bar that is cut short, and evening bars are counted on from it")
    func closingPrint() throws {
        let evening = [bar(15, 29), bar(15, 30, 130), bar(15, 45), bar(16, 14), bar(16, 15), bar(16, 59)]
        let built = try resample(evening, to: .oneHour, asOf: at(18, 0))
        #expect(built.bars.map(\.time) == [at(15, 15), at(16, 15)])
        #expect(built.bars.map(\.volume) == [40, 20])
        #expect(built.bars.map(\.high) == [132, 102])
        #expect(built.bars.map(\.isFinal) == [true, true])
        let days = try resample(evening, to: .oneDay, asOf: at(18, 0))
        #expect(days.bars.map(\.time) == [at(9, 15)])
        #expect(days.bars.map(\.volume) == [60])
    }

    @Test("since August 2026 no share bars are missing between 15:15 and the closing auction")
    func closingAuction() throws {
        let three = try Interval("3m")
        let times = stride(from: 9 * 60 + 15, to: 15 * 60 + 15, by: 3) + [15 * 60 + 27]
        let bars = times.map { bar($0 / 60, $0 % 60) }
        for interval in [try Interval("15m"), .oneHour, .oneDay] {
            let built = try BarResampler(from: three, to: interval, calendar: .nse).resample(bars, asOf: at(16, 0))
            #expect(built.incomplete.isEmpty, "\(interval)")
            #expect(built.bars.last?.isFinal == true)
            #expect(built.bars.compactMap(\.volume).reduce(0, +) == 1210)
        }
        let incomplete = bars.filter { $0.time != at(15, 12) }
        let day = try BarResampler(from: three, to: .oneDay, calendar: .nse).resample(incomplete, asOf: at(16, 0))
        #expect(day.incomplete == [at(9, 15)])
    }

    @Test("bars out of order or duplicated are rejected with their time", arguments: [16, 17])
    func order(minute: Int) throws {
        #expect(throws: ResamplingError.notAscending(at(9, minute))) {
            try resample([bar(9, 15), bar(9, 17), bar(9, minute)], asOf: at(9, 30))
        }
    }

    @Test("no bars give no bars")
    func empty() throws {
        #expect(try resample([], asOf: at(9, 30)) == ResampledBars())
    }

    @Test("an interval that the finer one does not divide is rejected")
    func refused() throws {
        let (three, five) = (try Interval("3m"), Interval.fiveMinutes)
        #expect(throws: ResamplingError.notDivisible(five, from: three)) {
            try BarResampler(from: three, to: five, calendar: .nse)
        }
    }
}
