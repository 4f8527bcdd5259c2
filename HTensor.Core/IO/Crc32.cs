using System.Buffers.Binary;

namespace HTensor.Core;

/// <summary>The cyclic redundancy check of zip (reflected polynomial 0xEDB88320), eight bytes a step through eight tables.</summary>
internal static class Crc32
{
    private const int TableSize = 256;

    private static readonly uint[] _tables = BuildTables();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var tables = _tables.AsSpan();
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[7 * TableSize + (byte)low] ^ tables[6 * TableSize + (byte)(low >> 8)]
                ^ tables[5 * TableSize + (byte)(low >> 16)] ^ tables[4 * TableSize + (int)(low >> 24)]
                ^ tables[3 * TableSize + (byte)high] ^ tables[2 * TableSize + (byte)(high >> 8)]
                ^ tables[TableSize + (byte)(high >> 16)] ^ tables[(int)(high >> 24)];
        }

        foreach (var value in bytes) crc = tables[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] BuildTables()
    {
        var tables = new uint[8 * TableSize];
        for (var i = 0u; i < TableSize; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320u;
            tables[i] = crc;
        }

        for (var i = TableSize; i < tables.Length; i++) tables[i] = (tables[i - TableSize] >> 8) ^ tables[(byte)tables[i - TableSize]];
        return tables;
    }
}
