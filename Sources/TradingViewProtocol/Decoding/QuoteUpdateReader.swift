import JSON

/// Reads `qsd` from the bytes, beginning after `"p":[`.
enum QuoteUpdateReader {
    static func read(_ cursor: inout JSONCursor) throws(JSONFault) -> QuoteUpdate {
        cursor.skipSpace()
        let session = SessionID(rawValue: try cursor.readString())
        try cursor.expect(UInt8(ascii: ","), "the quote is missing")
        var name: String?
        var status: String?
        var message: String?
        var fields: [String: JSONValue] = [:]
        try cursor.readObject { (cursor, key) throws(JSONFault) in
            if key.isEqual(to: "n") {
                name = try cursor.readString()
            } else if key.isEqual(to: "s") {
                status = try cursor.readString()
            } else if key.isEqual(to: "errmsg") {
                message = try cursor.readString()
            } else if key.isEqual(to: "v") {
                try cursor.readObject { (cursor, key) throws(JSONFault) in
                    fields[key.text] = try cursor.readValue()
                }
            } else {
                try cursor.skipValue()
            }
        }
        guard let name, let status else { throw cursor.fault("a quote has no name or status") }
        _ = try ChartUpdateReader.readTail(&cursor)
        return QuoteUpdate(
            session: session,
            name: name,
            status: QuoteUpdate.Status(status),
            errorMessage: message,
            fields: fields
        )
    }
}
