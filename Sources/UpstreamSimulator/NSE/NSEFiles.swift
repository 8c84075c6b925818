import MarketData

/// The day's F&O bhavcopy in NSE's UDiFF format, as it lies in the archive: one CSV in a zip. Counted in shares.
struct BhavcopyFile {
    let date: CalendarDate
    let csv: String

    private static let prefix = "fo/BhavCopy_NSE_FO_0_0_0_"
    private static let suffix = "_F_0000.csv.zip"

    /// The day that a file's name mentions; `nil` for another file.
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
            [("CE", row.call), ("PE", row.put)].compactMap { side, values in
                values.map { line(kind, snapshot, row.strike, side, $0, on: date) }
            }
        }
    }

    private static func line(
        _ kind: String, _ snapshot: OpenInterestSnapshot, _ strike: Strike, _ side: String, _ values: OptionData,
        on date: CalendarDate
    ) -> String {
        let code = snapshot.symbol.ticker
        let lot = Double(snapshot.lotSize ?? 1)
        let price = (values.last ?? 0).shortest
        let contracts = Int64((values.volume ?? 0) / lot)
        let fields = [
            "\(date)", "\(date)", "FO", "NSE", kind, "\(strike.tenThousandths / 500)", "", code, "",
            "\(snapshot.expiry)", "\(snapshot.expiry)", "\(strike)", side, "\(code)\(strike)\(side)", price, price,
            price, price, price, "", (snapshot.spot ?? 0).shortest, price, whole(values.openInterest),
            whole(values.change), "\(contracts)", "0.00", "\(contracts)", "F1", "\(Int64(lot))", "", "", "", "", "",
        ]
        return fields.joined(separator: ",")
    }

    private static func whole(_ value: Double?) -> String { String(Int64((value ?? 0).rounded())) }
}

/// `fo_mktlots.csv`: the lot of each underlying by the month in which the contract expires. Fields are padded with
/// spaces, and a second header is above the shares.
struct MarketLotsFile {
    /// The first month listed is that of this day.
    let today: CalendarDate

    private static let months = 3
    private static let indices: Set<String> = ["NIFTY", "BANKNIFTY", "FINNIFTY", "MIDCPNIFTY", "NIFTYNXT50"]

    var text: String {
        let listed = OptionListing.symbols.filter { $0.exchange == "NSE" }
        let indices = listed.filter { MarketLotsFile.indices.contains($0.ticker) }
        let shares = listed.filter { !MarketLotsFile.indices.contains($0.ticker) }
        let lines =
            [line("UNDERLYING", "SYMBOL", expiries.map(month))] + indices.map(line)
            + [line("Derivatives on Individual Securities", "Symbol", expiries.map(month))] + shares.map(line)
        return lines.joined(separator: "\n") + "\n"
    }

    /// The monthly expiries of this month and the next ones.
    private var expiries: [(year: Int, month: Int)] {
        let (year, month, _) = today.parts
        return (0..<MarketLotsFile.months).map { later in
            let number = year * 12 + month - 1 + later
            return (number / 12, number % 12 + 1)
        }
    }

    private func month(_ expiry: (year: Int, month: Int)) -> String {
        "\(EnglishMonths.name(expiry.month).uppercased())-\(expiry.year % 100)"
    }

    private func line(_ symbol: Symbol) -> String {
        guard let options = OptionListing.of(symbol) else { return "" }
        let lots = expiries.map {
            "\(options.lotSize(expiring: options.monthlyExpiry(year: $0.year, month: $0.month)))"
        }
        return line(symbol.ticker, symbol.ticker, lots)
    }

    private func line(_ name: String, _ code: String, _ rest: [String]) -> String {
        ([padded(name, 40), padded(code, 11)] + rest.map { padded($0, 11) }).joined(separator: ",")
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// A zip archive of one file, stored without compression (PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16).
enum StoredZip {
    static func archive(name: String, content: [UInt8]) -> [UInt8] {
        let name = Array(name.utf8)
        let size = UInt32(content.count)
        var entry: [UInt8] = []
        // Version 2.0, no flags, stored, midnight of 1980-01-01.
        entry.append(numbers: [20, 0, 0, 0, 0x21] as [UInt16])
        entry.append(numbers: [CyclicRedundancyCheck.of(content), size, size] as [UInt32])
        entry.append(numbers: [UInt16(name.count), 0] as [UInt16])
        var bytes: [UInt8] = Array("PK\u{3}\u{4}".utf8) + entry + name + content
        let directory = UInt32(bytes.count)
        bytes += Array("PK\u{1}\u{2}".utf8)
        bytes.append(numbers: [20] as [UInt16])
        bytes += entry
        // No comment, the first disk, no attributes; the entry begins at 0.
        bytes.append(numbers: [0, 0, 0] as [UInt16])
        bytes.append(numbers: [0, 0] as [UInt32])
        bytes += name
        let length = UInt32(bytes.count) - directory
        bytes += Array("PK\u{5}\u{6}".utf8)
        bytes.append(numbers: [0, 0, 1, 1] as [UInt16])
        bytes.append(numbers: [length, directory] as [UInt32])
        bytes.append(numbers: [0] as [UInt16])
        return bytes
    }
}

extension [UInt8] {
    /// Little-endian, as everything in a zip is.
    fileprivate mutating func append<Number: FixedWidthInteger>(numbers: [Number]) {
        for number in numbers { Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) } }
    }
}

/// CRC-32 (ISO 3309), as zip archives carry it.
enum CyclicRedundancyCheck {
    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { rest, byte in table[Int((rest ^ UInt32(byte)) & 0xFF)] ^ (rest >> 8) }
    }

    private static let table: [UInt32] = (0..<256).map { number in
        (0..<8).reduce(UInt32(number)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
}
