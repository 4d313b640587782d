extension KeyedDecodingContainer {
    /// Reads a whole number that is not negative.
    ///
    /// Goes by way of `Double`, for the decoder of `UInt` does not tell where the number was that
    /// it cannot represent.
    func decodeCountIfPresent(forKey key: Key) throws -> UInt? {
        guard let number = try decodeIfPresent(Double.self, forKey: key) else { return nil }
        guard let count = UInt(exactly: number) else {
            let problem = "\(number) is no count"
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: problem)
        }
        return count
    }
}
