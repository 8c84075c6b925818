import MarketData
import TestSupport

@testable import NSE

/// A small made-up daily file of NIFTY, in which a test changes one part.
struct BhavcopyText {
    var day: CalendarDate
    /// Each with strikes 24900 to 25100.
    var expiries: [CalendarDate]
    /// Of every call, in shares; puts have twice as much.
    var openInterest = 6500
    var lot = 65
    /// As the column has it.
    var volume = 12
    var codes = ["NIFTY"]

    /// Since July 2024.
    var udiff: String {
        let header =
            "TradDt,BizDt,Sgmt,FinInstrmTp,TckrSymb,XpryDt,OptnTp,StrkPric,ClsPric,UndrlygPric,SttlmPric,OpnIntrst,"
            + "ChngInOpnIntrst,TtlTradgVol,NewBrdLotQty,Rmks"
        let lines = contracts.map { contract in
            "\(day),\(day),FO,IDO,\(contract.code),\(contract.expiry),\(contract.side),\(contract.strike).00,101.5,25010.2,"
                + "101.5,\(contract.openInterest),650,\(volume),\(lot),"
        }
        return ([header] + lines).joined(separator: "\r\n") + "\r\n"
    }

    /// Before: other columns, English dates, a comma at the end of every line.
    var historical: String {
        let header =
            "INSTRUMENT,SYMBOL,EXPIRY_DT,STRIKE_PR,OPTION_TYP,OPEN,HIGH,LOW,CLOSE,SETTLE_PR,CONTRACTS,VAL_INLAKH,OPEN_INT,"
            + "CHG_IN_OI,TIMESTAMP,"
        let future =
            "FUTIDX,NIFTY,\(SourceDate.text(expiries[0])),0,XX,1,1,1,1,1,5,1.5,900,0,\(SourceDate.text(day).uppercased()),"
        let lines = contracts.map { contract in
            "OPTIDX,\(contract.code),\(SourceDate.text(contract.expiry)),\(contract.strike),\(contract.side),100,110,90,101.5,"
                + "101.5,\(volume),15.6,\(contract.openInterest),650,\(SourceDate.text(day).uppercased()),"
        }
        return ([header, future] + lines).joined(separator: "\n") + "\n"
    }

    /// As the archive gives it away.
    var reply: ScriptedSite.Reply {
        .file(ZipText(BhavcopyFormat(of: day) == .udiff ? udiff : historical).bytes)
    }

    /// Its place in the archive.
    var place: String { ArchiveFile.bhavcopy(of: day).path }

    private var contracts: [(code: String, expiry: CalendarDate, side: String, strike: Int, openInterest: Int)] {
        codes.flatMap { code in
            expiries.flatMap { expiry in
                [24_900, 25_000, 25_100].flatMap { strike in
                    [(code, expiry, "CE", strike, openInterest), (code, expiry, "PE", strike, 2 * openInterest)]
                }
            }
        }
    }
}
