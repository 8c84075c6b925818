import JSON
import SourceHTTP

extension TrendlyneStock {
    /// Reads the hits of `search-contract-stock`, `body.data: [{stock_id, stock_code}]`; early clients saw the keys `stockId` and `symbol`.
    ///
    /// A hit without id or code is passed over: the search lists things that are no underlyings.
    static func list(_ body: JSONFields) throws(UnreadableField) -> [TrendlyneStock] {
        guard let items = try body.list("data") else {
            if body.isEmpty { return [] }
            throw UnreadableField(body.path(of: "data"), "expected a list of stocks, found nothing")
        }
        return items.compactMap { item in
            guard case .object(let fields) = item else { return nil }
            let stock = JSONFields(fields, path: "body.data")
            guard let id = stock.text("stock_id", "stockId").flatMap(Int.init), id > 0,
                let code = stock.text("stock_code", "stockCode", "symbol")
            else { return nil }
            return TrendlyneStock(id: id, code: code)
        }
    }
}
