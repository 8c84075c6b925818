import Foundation
import MarketData

/// A page of the scanner's answer: symbols, and for each the values of the columns asked for, in their order.
struct ScannerAnswer: Decodable {
    struct Row: Decodable {
        let name: String
        let values: [Value]

        enum CodingKeys: String, CodingKey {
            case name = "s"
            case values = "d"
        }
    }

    /// A value that is asked for as text; anything else is as good as none.
    struct Value: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws { text = try? decoder.singleValueContainer().decode(String.self) }
    }

    /// The columns asked for, in the order in which `Row` reads them.
    static let columns = ["name", "description", "type", "currency"]

    let total: Int?
    let rows: [Row]

    enum CodingKeys: String, CodingKey {
        case total = "totalCount"
        case rows = "data"
    }
}

extension ScannerAnswer.Row {
    /// The instrument; `nil` for a name that is no symbol.
    var instrument: Instrument? {
        guard values.count == ScannerAnswer.columns.count, let symbol = WireName.symbol(name) else { return nil }
        return Instrument(symbol: symbol, description: values[1].text, type: values[2].text, currency: values[3].text)
    }
}
