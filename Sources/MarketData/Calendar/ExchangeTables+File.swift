extension ExchangeTables {
    /// These tables with a file's over them.
    /// - Throws: `CalendarFileError` for expiry weekdays and strike steps of an underlying of which too little is known.
    public func overlaid(with file: CalendarFile) throws(CalendarFileError) -> ExchangeTables {
        var holidays = holidays
        holidays.added = holidays.added.union(file.holidays).subtracting(file.tradingDays)
        holidays.removed = holidays.removed.union(file.tradingDays).subtracting(file.holidays)
        holidays.wholeYears.formUnion(file.holidayYears)
        var lots = lots
        for (symbol, sizes) in file.lots {
            lots[symbol] = (lots[symbol] ?? DatedTable(nil)).overlaid(with: sizes.mapValues(Optional.some))
        }
        return ExchangeTables(
            holidays: holidays, specialSessions: specialSessions.merging(file.specialSessions) { _, new in new },
            cash: cash.overlaid(with: cashHours(of: file)), derivatives: derivatives.overlaid(with: file.derivatives),
            listings: try listings(with: file, lots: lots), lots: lots)
    }

    /// A file states when trading ends; the closing auction before it stays where the end does.
    private func cashHours(of file: CalendarFile) -> [CalendarDate: SessionHours] {
        Dictionary(
            uniqueKeysWithValues: file.cash.map { date, hours in
                let known = cash[date]
                guard hours.pauses.isEmpty, hours.closes == known.closes, hours.opens < known.continuousUntil else {
                    return (date, hours)
                }
                let kept = SessionHours(
                    opens: hours.opens, closes: hours.closes, continuousUntil: known.continuousUntil)
                return (date, kept)
            })
    }

    private func listings(
        with file: CalendarFile, lots: [Symbol: DatedTable<Int?>]
    ) throws(CalendarFileError) -> [Symbol: OptionListing] {
        var listings = listings
        for (symbol, step) in file.strikeSteps.sorted(by: { $0.key < $1.key }) {
            guard let lots = lots[symbol]?.known else {
                throw CalendarFileError("strikeSteps.\(symbol)", "the lot is not known either; name it under lots")
            }
            listings[symbol, default: OptionListing(symbol, lots: lots, strikeStep: step)].strikeStep = step
        }
        for symbol in listings.keys {
            if let known = lots[symbol]?.known { listings[symbol]?.lots = known }
        }
        for (symbol, weekdays) in file.weeklyExpiries {
            guard let weekly = listings[symbol]?.weekly else { throw unknown("weeklyExpiries", symbol) }
            listings[symbol]?.weekly = weekly.overlaid(with: weekdays)
        }
        for (symbol, weekdays) in file.monthlyExpiries {
            guard let monthly = listings[symbol]?.monthly else { throw unknown("monthlyExpiries", symbol) }
            listings[symbol]?.monthly = monthly.overlaid(with: weekdays)
        }
        return listings
    }

    private func unknown(_ table: String, _ symbol: Symbol) -> CalendarFileError {
        CalendarFileError(
            "\(table).\(symbol)", "nothing is known of its options; name it under lots and under strikeSteps too")
    }
}

extension OptionListing {
    /// The options of an underlying that only a file knows: monthly ones, on the weekday of its exchange.
    fileprivate init(_ symbol: Symbol, lots: DatedTable<Int>, strikeStep: Double) {
        self.init(
            symbol: symbol, weekly: ExpiryWeekdays.noWeekly,
            monthly: symbol.exchange == "BSE" ? ExpiryWeekdays.bse : ExpiryWeekdays.nse, isLongDated: false, lots: lots,
            strikeStep: strikeStep)
    }
}

extension DatedTable where Value == Int? {
    /// The table from its first known value on, which then holds for the time before too; `nil` where none is known.
    fileprivate var known: DatedTable<Int>? {
        guard let first = entries.lazy.compactMap(\.value).first else { return nil }
        return map { $0 ?? first }
    }
}
