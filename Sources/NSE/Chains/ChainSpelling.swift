/// How a generation of addresses names the fields of a chain.
struct ChainSpelling: Sendable {
    /// The expiry of a row.
    var rowExpiry: String
    var bidPrice: String
    var bidShares: String
    var askPrice: String
    var askShares: String

    /// `option-chain-indices` and `option-chain-equities`.
    static let legacy = ChainSpelling(
        rowExpiry: "expiryDate", bidPrice: "bidprice", bidShares: "bidQty", askPrice: "askPrice", askShares: "askQty"
    )

    /// `option-chain-v3` and NextApi, whose `expiryDates` is one text in spite of its name.
    static let modern = ChainSpelling(
        rowExpiry: "expiryDates", bidPrice: "buyPrice1", bidShares: "buyQuantity1", askPrice: "sellPrice1",
        askShares: "sellQuantity1"
    )
}
