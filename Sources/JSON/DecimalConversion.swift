/// Decimal to binary by one multiplication of 64 by 128 bits (D. Lemire, "Number Parsing at a Gigabyte per Second", 2021,
/// after M. Eisel), for powers of ten from -27 to 27, where it is always right.
enum DecimalConversion {
    /// The double nearest to mantissa x 10^exponent; `nil` where this method cannot decide.
    static func double(_ mantissa: UInt64, _ exponent: Int) -> Double? {
        guard mantissa != 0, -27...27 ~= exponent else { return nil }
        let leading = mantissa.leadingZeroBitCount
        let digits = mantissa << UInt64(leading)
        let power = powersOfFive[exponent + 27]
        var (high, low) = digits.multipliedFullWidth(by: power.high)
        if high & 0x1FF == 0x1FF {
            // The bits that decide about rounding are all ones: the lower half of the power may carry into them.
            let carry = digits.multipliedFullWidth(by: power.low).high
            let (sum, overflows) = low.addingReportingOverflow(carry)
            low = sum
            if overflows { high += 1 }
        }
        let upper = high >> 63
        var significand = high >> (upper + 9)
        var binary = ((217_706 * exponent) >> 16) + 63 + Int(upper) - leading + 1023
        // Halfway between two doubles, exactly: to the even one.
        if low <= 1, -4...23 ~= exponent, significand & 3 == 1, significand << (upper + 9) == high {
            significand &= ~1
        }
        significand = (significand + (significand & 1)) >> 1
        if significand == 1 << 53 {
            significand = 1 << 52
            binary += 1
        }
        guard 1...2046 ~= binary else { return nil }
        return Double(bitPattern: UInt64(binary) << 52 | (significand & (1 << 52 - 1)))
    }

    /// 5^-27 to 5^27 with the highest of 128 bits set; those below 1 rounded up.
    private static let powersOfFive: [(high: UInt64, low: UInt64)] = [
        (0x9E74_D1B7_91E0_7E48, 0x775E_A264_CF55_347E),
        (0xC612_0625_7658_9DDA, 0x9536_4AFE_032A_819E),
        (0xF796_87AE_D3EE_C551, 0x3A83_DDBD_83F5_2205),
        (0x9ABE_14CD_4475_3B52, 0xC492_6A96_7279_3543),
        (0xC16D_9A00_9592_8A27, 0x75B7_053C_0F17_8294),
        (0xF1C9_0080_BAF7_2CB1, 0x5324_C68B_12DD_6339),
        (0x971D_A050_74DA_7BEE, 0xD3F6_FC16_EBCA_5E04),
        (0xBCE5_0864_9211_1AEA, 0x88F4_BB1C_A6BC_F585),
        (0xEC1E_4A7D_B695_61A5, 0x2B31_E9E3_D06C_32E6),
        (0x9392_EE8E_921D_5D07, 0x3AFF_322E_6243_9FD0),
        (0xB877_AA32_36A4_B449, 0x09BE_FEB9_FAD4_87C3),
        (0xE695_94BE_C44D_E15B, 0x4C2E_BE68_7989_A9B4),
        (0x901D_7CF7_3AB0_ACD9, 0x0F9D_3701_4BF6_0A11),
        (0xB424_DC35_095C_D80F, 0x5384_84C1_9EF3_8C95),
        (0xE12E_1342_4BB4_0E13, 0x2865_A5F2_06B0_6FBA),
        (0x8CBC_CC09_6F50_88CB, 0xF93F_87B7_442E_45D4),
        (0xAFEB_FF0B_CB24_AAFE, 0xF78F_69A5_1539_D749),
        (0xDBE6_FECE_BDED_D5BE, 0xB573_440E_5A88_4D1C),
        (0x8970_5F41_36B4_A597, 0x3168_0A88_F895_3031),
        (0xABCC_7711_8461_CEFC, 0xFDC2_0D2B_36BA_7C3E),
        (0xD6BF_94D5_E57A_42BC, 0x3D32_9076_0469_1B4D),
        (0x8637_BD05_AF6C_69B5, 0xA63F_9A49_C2C1_B110),
        (0xA7C5_AC47_1B47_8423, 0x0FCF_80DC_3372_1D54),
        (0xD1B7_1758_E219_652B, 0xD3C3_6113_404E_A4A9),
        (0x8312_6E97_8D4F_DF3B, 0x645A_1CAC_0831_26EA),
        (0xA3D7_0A3D_70A3_D70A, 0x3D70_A3D7_0A3D_70A4),
        (0xCCCC_CCCC_CCCC_CCCC, 0xCCCC_CCCC_CCCC_CCCD),
        (0x8000_0000_0000_0000, 0x0000_0000_0000_0000),
        (0xA000_0000_0000_0000, 0x0000_0000_0000_0000),
        (0xC800_0000_0000_0000, 0x0000_0000_0000_0000),
        (0xFA00_0000_0000_0000, 0x0000_0000_0000_0000),
        (0x9C40_0000_0000_0000, 0x0000_0000_0000_0000),
        (0xC350_0000_0000_0000, 0x0000_0000_0000_0000),
        (0xF424_0000_0000_0000, 0x0000_0000_0000_0000),
        (0x9896_8000_0000_0000, 0x0000_0000_0000_0000),
        (0xBEBC_2000_0000_0000, 0x0000_0000_0000_0000),
        (0xEE6B_2800_0000_0000, 0x0000_0000_0000_0000),
        (0x9502_F900_0000_0000, 0x0000_0000_0000_0000),
        (0xBA43_B740_0000_0000, 0x0000_0000_0000_0000),
        (0xE8D4_A510_0000_0000, 0x0000_0000_0000_0000),
        (0x9184_E72A_0000_0000, 0x0000_0000_0000_0000),
        (0xB5E6_20F4_8000_0000, 0x0000_0000_0000_0000),
        (0xE35F_A931_A000_0000, 0x0000_0000_0000_0000),
        (0x8E1B_C9BF_0400_0000, 0x0000_0000_0000_0000),
        (0xB1A2_BC2E_C500_0000, 0x0000_0000_0000_0000),
        (0xDE0B_6B3A_7640_0000, 0x0000_0000_0000_0000),
        (0x8AC7_2304_89E8_0000, 0x0000_0000_0000_0000),
        (0xAD78_EBC5_AC62_0000, 0x0000_0000_0000_0000),
        (0xD8D7_26B7_177A_8000, 0x0000_0000_0000_0000),
        (0x8786_7832_6EAC_9000, 0x0000_0000_0000_0000),
        (0xA968_163F_0A57_B400, 0x0000_0000_0000_0000),
        (0xD3C2_1BCE_CCED_A100, 0x0000_0000_0000_0000),
        (0x8459_5161_4014_84A0, 0x0000_0000_0000_0000),
        (0xA56F_A5B9_9019_A5C8, 0x0000_0000_0000_0000),
        (0xCECB_8F27_F420_0F3A, 0x0000_0000_0000_0000),
    ]
}
