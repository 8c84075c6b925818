import Foundation
import MarketData

/// A token in the shape of TradingView's: a JWT of four hours, signed by nobody.
enum UserToken {
    static func text(at now: Timestamp, plan: Plan) -> String {
        let header: JSONText = .object([("alg", "RS512"), ("kid", "simulated"), ("typ", "JWT")])
        let claims: JSONText = .object([
            ("user_id", 1), ("exp", .int(now.seconds + 4 * 3600)), ("iat", .int(now.seconds)),
            ("plan", .string(plan == .paid ? "pro_premium" : "")), ("ext_hours", 1), ("perm", ""), ("study_perm", ""),
            ("max_studies", plan == .paid ? 25 : 2), ("max_connections", plan == .paid ? 50 : 1),
        ])
        return [header.bytes, claims.bytes, Array("simulated signature".utf8)].map(base64URL).joined(separator: ".")
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}
