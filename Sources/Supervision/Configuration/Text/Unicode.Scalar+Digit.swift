extension Unicode.Scalar {
    /// One of the ten of ASCII.
    var isDigit: Bool { ("0"..."9").contains(self) }
}
