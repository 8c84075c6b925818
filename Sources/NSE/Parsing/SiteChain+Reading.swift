import JSON
import MarketData
import SourceHTTP

extension SiteChain {
    /// Reads the object that holds the rows, the stamp and the spot.
    /// - Parameter isWhole: Whether an answer of this generation has every strike of the expiry.
    init(_ records: JSONFields, _ reading: ChainRows, isWhole: Bool = false) throws(ChainFault) {
        let objects = try ChainFault.naming { () throws(UnreadableField) in try records.objects("data") }
        guard let objects else { throw .missingRecords(records.path(of: "data")) }
        let (rows, dropped) = try reading.read(objects)
        let (stamp, spot, named) = try ChainFault.naming { () throws(UnreadableField) in
            (
                try SiteChain.stamp(of: records), try SiteChain.spot(of: records, objects),
                try records.strikes("strikePrices")
            )
        }
        // Those named may be of other expiries too: where the rows have all of them, none of this expiry is missing.
        let isComplete = isWhole || named.map { rows.count >= $0 } ?? false
        self.init(
            expiry: reading.expiry, rows: rows, stamp: stamp, spot: spot, listedStrikes: isComplete ? rows.count : nil,
            dropped: dropped)
    }

    /// The price of the underlying, which stands in every side too; `nil` where they do not agree on one.
    private static func spot(of records: JSONFields, _ rows: [JSONFields]) throws(UnreadableField) -> Double? {
        if let spot = try records.positive("underlyingValue") { return spot }
        var spots: Set<Double> = []
        for row in rows {
            for side in ["CE", "PE"] {
                if let spot = try row.object(side)?.positive("underlyingValue") { spots.insert(spot) }
            }
        }
        return spots.count == 1 ? spots.first : nil
    }

    private static func stamp(of records: JSONFields) throws(UnreadableField) -> Timestamp {
        let path = records.path(of: "timestamp")
        guard let text = records.text("timestamp") else {
            throw UnreadableField(path, "missing: nothing says of when the figures are")
        }
        guard let stamp = SourceDate.timestamp(text) else {
            throw UnreadableField(
                path, "expected a time such as 10-Jul-2026 15:30:00, found '\(text.prefix(40))'")
        }
        return stamp
    }
}

extension JSONFields {
    /// The envelope of the two older generations, absent, null or empty where the site declines.
    var records: JSONFields {
        get throws(ChainFault) {
            let records = try ChainFault.naming { () throws(UnreadableField) in try object("records") }
            guard let records, !records.isEmpty else { throw .missingRecords(path(of: "records")) }
            return records
        }
    }
}
