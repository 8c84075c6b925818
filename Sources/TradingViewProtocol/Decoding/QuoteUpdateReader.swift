import JSON

/// Reads `qsd` from the bytes, beginning after `"p":[`.
enum QuoteUpdateReader {
    static func read(_ cursor: inout JSONCursor) throws(JSONFault) -> QuoteUpdate {
        cursor.skipSpace()
        let session = SessionID(rawValue: try cursor.readString())
        try cursor.expect(UInt8(ascii: ","), "the quote is missing")
        var name: String?
        var status: QuoteUpdate.Status?
        var message: String?
        var fields = QuoteFields()
        try cursor.readObject { (cursor, key) throws(JSONFault) in
            if key.isEqual(to: "n") {
                name = try cursor.readString()
            } else if key.isEqual(to: "s") {
                status = cursor.take("\"ok\"") ? .ok : QuoteUpdate.Status(try cursor.readString())
            } else if key.isEqual(to: "errmsg") {
                message = try cursor.readString()
            } else if key.isEqual(to: "v") {
                try readFields(&cursor, into: &fields)
            } else {
                try cursor.skipValue()
            }
        }
        guard let name, let status else { throw cursor.fault("a quote has no name or status") }
        _ = try ChartUpdateReader.readTail(&cursor)
        return QuoteUpdate(session: session, name: name, status: status, errorMessage: message, fields: fields)
    }

    private static func readFields(_ cursor: inout JSONCursor, into fields: inout QuoteFields) throws(JSONFault) {
        try cursor.readObject { (cursor, key) throws(JSONFault) in
            if cursor.current &- 48 <= 9 || cursor.current == UInt8(ascii: "-"), let number = number(key) {
                fields.set(number, try cursor.readNumber())
            } else {
                fields[key.text] = try cursor.readValue()
            }
        }
    }

    /// The number with this name.
    @inline(__always)
    fileprivate static func number(_ key: JSONKey) -> QuoteNumber? {
        switch key.bytes.count {
        case 2: key.isEqual(to: "lp") ? .last : key.isEqual(to: "ch") ? .change : nil
        case 3:
            key.isEqual(to: "bid")
                ? .bid : key.isEqual(to: "ask") ? .ask : key.isEqual(to: "chp") ? .changePercent : nil
        case 6: key.isEqual(to: "volume") ? .volume : nil
        case 7: key.isEqual(to: "lp_time") ? .lastTime : nil
        case 9: key.isEqual(to: "low_price") ? .low : nil
        case 10: key.isEqual(to: "open_price") ? .open : key.isEqual(to: "high_price") ? .high : nil
        case 13: key.isEqual(to: "open_interest") ? .openInterest : nil
        case 16: key.isEqual(to: "prev_close_price") ? .previousClose : nil
        default: nil
        }
    }
}

/// Reads a whole `qsd` of plain numbers in one go, as most are:
/// `{"m":"qsd","p":["qs_…",{"n":"NSE:TCS","s":"ok","v":{"lp":812.35,"volume":41250}}]}`.
///
/// Nothing is read beyond the end: the text ends with `}`, which is not part of a number and occurs in none of the
/// texts that are compared before the last one.
enum PlainQuoteReader {
    /// The update; `nil` for a message that is written in another way or holds another field.
    @inline(__always)
    static func read(_ message: UnsafeBufferPointer<UInt8>) -> QuoteUpdate? {
        guard let start = message.baseAddress, message.count > 40, message[message.count - 1] == UInt8(ascii: "}")
        else {
            return nil
        }
        let end = start + message.count
        var place = start
        guard take("{\"m\":\"qsd\",\"p\":[\"", &place), let session = text(&place, end),
            take(",{\"n\":\"", &place), let name = text(&place, end), take(",\"s\":\"ok\",\"v\":{", &place)
        else { return nil }
        var fields = QuoteFields()
        repeat {
            guard take("\"", &place), let number = number(&place, end), let value = PlainNumber.double(&place) else {
                return nil
            }
            fields.set(number, value)
        } while take(",", &place)
        guard end - place == 4, take("}}]}", &place) else { return nil }
        return QuoteUpdate(
            session: SessionID(rawValue: String(decoding: session, as: UTF8.self)),
            name: String(decoding: name, as: UTF8.self), status: .ok, fields: fields)
    }

    /// Steps over a name and `":`; `nil` where it is not that of a number.
    @inline(__always)
    private static func number(_ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> QuoteNumber? {
        let start = place
        // The longest name has 16 letters. A name may hold anything here: unknown ones are refused below.
        while place.pointee != UInt8(ascii: "\""), place < end - 1, place - start <= 16 { place += 1 }
        let key = JSONKey(plain: UnsafeBufferPointer(start: start, count: place - start))
        guard take("\":", &place) else { return nil }
        return QuoteUpdateReader.number(key)
    }

    /// Steps over printable ASCII and the quote after it; `nil` for any other text.
    @inline(__always)
    private static func text(
        _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8>? {
        let start = place
        while place < end {
            let byte = place.pointee
            if byte == UInt8(ascii: "\"") {
                place += 1
                return UnsafeBufferPointer(start: start, count: place - start - 1)
            }
            guard 0x20..<0x7F ~= byte, byte != UInt8(ascii: "\\") else { return nil }
            place += 1
        }
        return nil
    }
}

/// Steps over a text, if it is the one at a place.
@inline(__always)
func take(_ text: StaticString, _ place: inout UnsafePointer<UInt8>) -> Bool {
    for offset in 0..<text.utf8CodeUnitCount where place[offset] != text.utf8Start[offset] { return false }
    place += text.utf8CodeUnitCount
    return true
}
