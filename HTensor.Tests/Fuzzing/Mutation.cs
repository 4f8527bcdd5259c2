namespace HTensor.Tests.Fuzzing;

/// <summary>Bytes made wrong: flipped, overwritten, cut, repeated, taken from another file, numbers in text made others.</summary>
internal sealed class Mutation(Random random)
{
    private const int MostFaults = 4;

    private static readonly string[] Numbers = ["0", "1", "-1", "7", "65535", "65536", "20000000", "100000000", "500000000", "2147483647", "2147483648", "4294967296", "9223372036854775807", "18446744073709551616", "1e9", "0.5", "NaN", ""];

    /// <summary>One fault or some, each of a kind by chance.</summary>
    public byte[] Of(byte[] bytes, byte[] other)
    {
        for (var faults = 1 + random.Next(MostFaults); faults > 0; faults--) bytes = bytes.Length == 0 ? other : One(bytes, other);
        return bytes;
    }

    private byte[] One(byte[] bytes, byte[] other) => random.Next(9) switch
    {
        0 => Changed(bytes, at => bytes[at] ^= (byte)(1 << random.Next(8))),
        1 => Changed(bytes, at => bytes[at] = (byte)random.Next(256)),
        2 => Changed(bytes, at => bytes.AsSpan(at, Math.Min(bytes.Length - at, 1 << random.Next(4))).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0)),
        3 => bytes[..random.Next(bytes.Length)],
        4 => [.. bytes, .. Piece(other)],
        5 => Spliced(bytes, Piece(bytes)),
        6 => Spliced(bytes, Piece(other)),
        _ => OtherNumber(bytes),
    };

    private byte[] Changed(byte[] bytes, Action<int> change)
    {
        change(Place(bytes.Length));
        return bytes;
    }

    /// <summary>Half of the places lie in the first bytes, where headers are.</summary>
    private int Place(int length) => random.Next(2) == 0 ? random.Next(length) : random.Next(Math.Min(length, 512));

    private byte[] Piece(byte[] from)
    {
        var start = random.Next(from.Length + 1);
        return from[start..(start + random.Next(Math.Min(64, from.Length - start) + 1))];
    }

    /// <summary>A piece in the place of some bytes, of as many or of others.</summary>
    private byte[] Spliced(byte[] bytes, byte[] piece)
    {
        var at = Place(bytes.Length);
        var replaced = random.Next(2) == 0 ? Math.Min(piece.Length, bytes.Length - at) : random.Next(Math.Min(64, bytes.Length - at) + 1);
        return [.. bytes[..at], .. piece, .. bytes[(at + replaced)..]];
    }

    private byte[] OtherNumber(byte[] bytes)
    {
        var start = Place(bytes.Length);
        while (start < bytes.Length && !char.IsAsciiDigit((char)bytes[start])) start++;
        if (start == bytes.Length) return bytes;
        var end = start;
        while (end < bytes.Length && char.IsAsciiDigit((char)bytes[end])) end++;
        var number = random.Next(3) == 0 ? $"{random.Next(100)}" : Numbers[random.Next(Numbers.Length)];
        return [.. bytes[..start], .. System.Text.Encoding.ASCII.GetBytes(number), .. bytes[end..]];
    }
}
