import MarketData

/// The day's F&O bhavcopy in NSE's UDiFF format, as it lies in the archive: one CSV in a zip. Counted in shares.
struct BhavcopyFile {
    let date: CalendarDate
    let csv: String

    private static let prefix = "fo/BhavCopy_NSE_FO_0_0_0_"
    private static let suffix = "_F_0000.csv.zip"

    /// The day that a file's name speaks of; `nil` for another file.
    static func date(named name: String) -> CalendarDate? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
        guard digits.utf8.count == 8, let number = Int(digits) else { return nil }
        return CalendarDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    }

    /// The file of a day that is over; `nil` for a day without trade, and before a day's close.
    init?(_ date: CalendarDate, market: MarketView, at now: Timestamp) {
        guard let session = market.calendar.session(on: date, segment: .derivatives), session.closes <= now else {
            return nil
        }
        self.date = date
        let close = session.closes.advanced(bySeconds: -1)
        var lines = [BhavcopyFile.header]
        for symbol in OptionListing.symbols where symbol.exchange == "NSE" {
            for expiry in market.expiries(of: symbol, at: close)?.expiries ?? [] {
                guard let snapshot = market.openInterest(of: symbol, expiry: expiry, at: close) else { continue }
                lines += BhavcopyFile.lines(of: snapshot, on: date)
            }
        }
        csv = lines.joined(separator: "\n") + "\n"
    }

    var zip: [UInt8] {
        let digits = date.description.filter { $0 != "-" }
        return StoredZip.archive(name: "BhavCopy_NSE_FO_0_0_0_\(digits)_F_0000.csv", content: Array(csv.utf8))
    }

    private static let header =
        "TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,"
        + "FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,"
        + "ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4"

    private static let indices: Set<String> = ["NIFTY", "BANKNIFTY", "FINNIFTY", "MIDCPNIFTY", "NIFTYNXT50"]

    private static func lines(of snapshot: OpenInterestSnapshot, on date: CalendarDate) -> [String] {
        let kind = indices.contains(snapshot.symbol.ticker) ? "IDO" : "STO"
        return snapshot.strikes.flatMap { row in
            [("CE", row.call), ("PE", row.put)].compactMap { side, figures in
                figures.map { line(kind, snapshot, row.strike, side, $0, on: date) }
            }
        }
    }

    private static func line(
        _ kind: String, _ snapshot: OpenInterestSnapshot, _ strike: Strike, _ side: String, _ figures: OptionFigures,
        on date: CalendarDate
    ) -> String {
        let code = snapshot.symbol.ticker
        let lot = Double(snapshot.lotSize ?? 1)
        let price = (figures.last ?? 0).shortest
        let contracts = Int64((figures.volume ?? 0) / lot)
        let fields = [
            "\(date)", "\(date)", "FO", "NSE", kind, "\(strike.tenThousandths / 500)", "", code, "",
            "\(snapshot.expiry)", "\(snapshot.expiry)", "\(strike)", side, "\(code)\(strike)\(side)", price, price,
            price, price, price, "", (snapshot.spot ?? 0).shortest, price, whole(figures.openInterest),
            whole(figures.change), "\(contracts)", "0.00", "\(contracts)", "F1", "\(Int64(lot))", "", "", "", "", "",
        ]
        return fields.joined(separator: ",")
    }

    private static func whole(_ figure: Double?) -> String { String(Int64((figure ?? 0).rounded())) }
}
