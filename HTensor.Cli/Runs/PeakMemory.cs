using System.Diagnostics;
using System.Globalization;

namespace HTensor.Cli;

/// <summary>The most memory that this process has held at once.</summary>
internal static class PeakMemory
{
    private const string HighWaterMark = "VmHWM:";
    private const double BytesAMegabyte = 1e6;

    /// <summary>VmHWM in megabytes of 10^6 bytes; elsewhere than on Linux the peak working set.</summary>
    public static double Megabytes()
    {
        if (!OperatingSystem.IsLinux())
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 / BytesAMegabyte;
        }

        var line = File.ReadLines("/proc/self/status").First(status => status.StartsWith(HighWaterMark, StringComparison.Ordinal));
        var kibibytes = line[HighWaterMark.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024 / BytesAMegabyte;
    }
}
