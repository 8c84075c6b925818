import MarketData
import TestSupport
import Testing

@testable import NSE

@Suite("Cookies of a visit")
struct SiteVisitTests {
    let start = india("2026-11-20 10:00")

    func after(_ seconds: Int64) -> Timestamp { start.advanced(bySeconds: seconds) }

    /// A visit whose page was opened at the start.
    func opened() -> SiteVisit {
        var visit = SiteVisit(lifetime: .seconds(900))
        _ = visit.begin(at: start)
        _ = visit.opened(setCookies: ["nsit=a; Path=/; Secure; HttpOnly"], at: start)
        return visit
    }

    @Test("the page is opened once before the first request")
    func once() {
        var visit = SiteVisit(lifetime: .seconds(900))
        #expect(visit.begin(at: start) == .openPage)
        #expect(
            visit.opened(setCookies: ["nsit=a; Path=/", "bm_sv=b"], at: start) == .send(cookies: "bm_sv=b; nsit=a"))
        #expect(visit.responded(status: 200, setCookies: ["bm_sv=c"], at: start) == .deliver)
        #expect(visit.begin(at: after(60)) == .send(cookies: "bm_sv=c; nsit=a"))
    }

    @Test("a page without cookies does not prevent requests")
    func withoutCookies() {
        var visit = SiteVisit(lifetime: .seconds(900))
        #expect(visit.begin(at: start) == .openPage)
        #expect(visit.opened(setCookies: [], at: start) == .send(cookies: nil))
        #expect(visit.responded(status: 200, setCookies: [], at: start) == .deliver)
    }

    @Test("401 and 403 clear the cookies, open the page once and repeat the request once", arguments: [401, 403])
    func refused(status: Int) {
        var visit = opened()
        #expect(visit.begin(at: after(1)) == .send(cookies: "nsit=a"))
        #expect(visit.responded(status: status, setCookies: ["_abck=bad"], at: after(1)) == .openPage)
        #expect(visit.opened(setCookies: ["nsit=new"], at: after(2)) == .send(cookies: "nsit=new"))
        #expect(visit.responded(status: status, setCookies: [], at: after(2)) == .deliver)
        #expect(visit.begin(at: after(3)) == .openPage)
        #expect(visit.opened(setCookies: [], at: after(3)) == .send(cookies: nil))
        #expect(visit.responded(status: status, setCookies: [], at: after(3)) == .openPage)
    }

    @Test("404 and 500 do not open the page again", arguments: [404, 500])
    func otherFailures(status: Int) {
        var visit = opened()
        _ = visit.begin(at: after(1))
        #expect(visit.responded(status: status, setCookies: [], at: after(1)) == .deliver)
        #expect(visit.begin(at: after(2)) == .send(cookies: "nsit=a"))
    }

    @Test("cookies expire after their time, and a clock that was set back does not extend it")
    func lifetime() {
        var visit = opened()
        #expect(visit.begin(at: after(899)) == .send(cookies: "nsit=a"))
        #expect(visit.begin(at: after(900)) == .openPage)
        visit = opened()
        #expect(visit.begin(at: after(-1)) == .openPage)
    }

    @Test("a cookie without a name, too long, with control characters or deleted is not sent")
    func oddCookies() {
        var jar = CookieJar()
        for header in ["=x", "noequals", "bad=a\r\nb", "long=" + String(repeating: "x", count: 9000), "", "gone=1"] {
            jar.take(header)
        }
        #expect(jar.header == "gone=1")
        jar.take("gone=1; Max-Age=0")
        #expect(jar.isEmpty)
        jar.take(" a = b=c ; Path=/")
        #expect(jar.header == "a=b=c")
        jar.take("a=; Path=/")
        #expect(jar.header == nil)
        for number in 0..<200 { jar.take("c\(number)=x") }
        #expect(jar.header?.split(separator: ";").count == 64)
    }
}
