/// How a generation of addresses names the fields of a chain. What is not there by a generation's own names is looked for
/// by the other's: an envelope of one has held rows of another before (`option-chain-v3`).
enum ChainSpelling: Sendable {
    /// The names of an order's price and shares.
    struct Order: Sendable {
        var price: String
        var shares: String
    }

    /// `option-chain-indices` and `option-chain-equities`.
    case legacy
    /// `option-chain-v3` and NextApi, whose `expiryDates` is one text in spite of its name.
    case modern

    var other: ChainSpelling { self == .legacy ? .modern : .legacy }

    /// The expiry of a row.
    var rowExpiry: String { self == .legacy ? "expiryDate" : "expiryDates" }

    /// The best price bid.
    var bid: Order {
        switch self {
        case .legacy: Order(price: "bidprice", shares: "bidQty")
        case .modern: Order(price: "buyPrice1", shares: "buyQuantity1")
        }
    }

    /// The best price asked.
    var ask: Order {
        switch self {
        case .legacy: Order(price: "askPrice", shares: "askQty")
        case .modern: Order(price: "sellPrice1", shares: "sellQuantity1")
        }
    }
}
