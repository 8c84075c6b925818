import Foundation
import MarketData

/// A token in the shape of TradingView's.
enum TestToken {
    static func text(
        user: Int? = 7, issued: Int64 = 1_699_999_000, expiry: Int64 = 1_700_013_400, plan: String? = nil
    ) -> String {
        let claims =
            (user.map { #""user_id":\#($0),"# } ?? "") + #""iat":\#(issued),"exp":\#(expiry)"#
            + (plan.map { #","plan":"\#($0)""# } ?? "")
        let middle = Data("{\(claims)}".utf8).base64EncodedString().replacing("=", with: "")
        return "e30.\(middle).signature"
    }

    static func page(_ token: String) -> String { #"<script>var user={"id":7,"auth_token":"\#(token)"};</script>"# }
}
