import MarketData

/// Compares a response with its request: the source may ignore the requested time, day and expiry.
struct EchoCheck {
    let query: SnapshotRequest
    let served: LiveOpenInterest.Served
    let now: Timestamp
    var calendar = TradingCalendar.nse

    /// - Throws: `MarketDataError`: `expiryNotListed` for another or an expired expiry, `noDataForTime` for another
    ///   moment.
    func run() throws(MarketDataError) {
        try checkExpiry()
        try checkStrikes()
        if let at = query.at { try checkMoment(at) } else { try checkFreshness() }
    }

    /// Whether the values may be from after the requested moment.
    var isStampedTooLate: Bool { query.at.map { served.lastUpdated > $0 } ?? false }

    private func checkExpiry() throws(MarketDataError) {
        guard served.expiries == [query.expiry] else {
            let names = served.expiries.map(\.description).joined(separator: ", ")
            throw MarketDataError(
                .expiryNotListed,
                "Trendlyne returned \(names.isEmpty ? "no expiry" : "the expiry \(names)") where "
                    + "\(query.expiry) of \(query.symbol) was requested",
                source: .trendlyne
            )
        }
        guard query.expiry >= served.tradingDate else {
            throw MarketDataError(
                .expiryNotListed,
                "the expiry \(query.expiry) of \(query.symbol) was over on \(served.tradingDate), the day that "
                    + "Trendlyne serves; its values there are frozen",
                source: .trendlyne
            )
        }
    }

    /// The response repeats the requested range; one with another range covers other strikes.
    private func checkStrikes() throws(MarketDataError) {
        guard let requested = query.strikes else { return }
        guard let given = served.strikes, given.holds(requested) else {
            throw MarketDataError(
                .notSupported,
                "Trendlyne returned \(served.strikes.map { "the strikes \($0)" } ?? "strikes that it does not name")"
                    + " where \(requested) of \(query.symbol) were requested",
                source: .trendlyne
            )
        }
    }

    private func checkMoment(_ at: Timestamp) throws(MarketDataError) {
        guard served.tradingDate == query.tradingDate else { throw otherMoment("it serves one trading day only") }
        guard isRequestedTime(served.maxTime) else {
            throw otherMoment("use a later time, or record the session with 'bhav record'")
        }
        guard IndianTime.date(served.lastUpdated) == served.tradingDate else {
            throw otherMoment("its values are stamped with another day")
        }
        guard !isStampedTooLate else {
            throw otherMoment("values from after the requested time were not known then")
        }
    }

    /// The day has ten minutes more than the source may know of (15:40 since August 2026): its last minute is then the
    /// newest there is.
    private func isRequestedTime(_ time: ClockTime) -> Bool {
        if time == query.maxTime { return true }
        return time >= EchoCheck.formerClose && time <= query.maxTime
    }

    /// Now is today's session once it is ten minutes old, otherwise the one before. A newer day than the calendar
    /// demands is not a fault: the calendar need not know of a special session.
    private func checkFreshness() throws(MarketDataError) {
        let moment = now.advanced(bySeconds: -EchoCheck.openingGrace)
        let due = calendar.latestSession(at: moment, segment: .derivatives).date
        guard served.tradingDate >= due else { throw otherMoment("the values of \(due) are due by now") }
        guard calendar.date(at: served.lastUpdated) >= due else {
            throw otherMoment("its values are frozen; those of \(due) are due by now")
        }
    }

    private func otherMoment(_ reason: String) -> MarketDataError {
        let (date, time) = IndianTime.split(served.lastUpdated)
        let requested = query.at == nil ? "now" : query.words
        return MarketDataError(
            .noDataForTime,
            "no open interest for \(query.symbol) at \(requested): Trendlyne returned a snapshot of \(served.tradingDate) "
                + "\(served.maxTime) (India), stamped \(date) \(time.fullDescription): \(reason)",
            source: .trendlyne
        )
    }

    private static let formerClose = ClockTime(hour: 15, minute: 30)
    /// How long after the opening the source may still serve the day before: its first step of five minutes, and room
    /// for a late one.
    private static let openingGrace: Int64 = 600
}

/// The source's time stamps: ISO 8601 with an offset, such as `2026-01-23T15:40:00+05:30`.
enum SourceStamp {
    /// The instant; `nil` for anything else, and for a stamp without an offset, which is ambiguous.
    static func timestamp(_ text: String) -> Timestamp? {
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2, let date = CalendarDate(halves[0]) else { return nil }
        guard let sign = halves[1].firstIndex(where: { "+-Z".contains($0) }),
            let offset = offsetSeconds(halves[1][sign...])
        else { return nil }
        let parts = halves[1][..<sign].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let time = parts.first.flatMap({ ClockTime($0) }) else { return nil }
        let milliseconds = parts.count == 2 ? fraction(parts[1]) : 0
        guard let milliseconds else { return nil }
        let seconds = Int64(date.daysSinceEpoch) * 86_400 + Int64(time.secondsAfterMidnight) - Int64(offset)
        return Timestamp(milliseconds: seconds * 1000 + milliseconds)
    }

    private static func offsetSeconds(_ text: Substring) -> Int? {
        if text == "Z" { return 0 }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.utf8.count == 4, let number = Int(digits), number >= 0 else { return nil }
        let seconds = number / 100 * 3600 + number % 100 * 60
        return text.hasPrefix("-") ? -seconds : seconds
    }

    private static func fraction(_ digits: Substring) -> Int64? {
        guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int64((digits + "00").prefix(3))
    }
}
