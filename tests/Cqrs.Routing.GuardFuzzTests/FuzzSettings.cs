using System.Globalization;

namespace Cqrs.Routing.GuardFuzzTests;

/// <summary>How long a run is, and which texts it tries.</summary>
internal static class FuzzSettings
{
    // The same ones each time, and as many of them as the time allows. Others are tried with the variables set.
    private const ulong FixedSeed = 29;
    private static readonly TimeSpan FixedTime = TimeSpan.FromSeconds(30);

    /// <summary><c>CQRS_ROUTING_FUZZ_TEXTS</c>: so many texts, however long it takes.</summary>
    public static int? Texts { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("CQRS_ROUTING_FUZZ_TEXTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var texts) ? texts : null;

    /// <summary><c>CQRS_ROUTING_FUZZ_SEED</c>, as a run prints it.</summary>
    public static ulong Seed { get; } =
        ulong.TryParse(Environment.GetEnvironmentVariable("CQRS_ROUTING_FUZZ_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
        : Texts is null ? FixedSeed
        : (ulong)Random.Shared.NextInt64();

    /// <summary>The share of one database.</summary>
    public static TimeSpan Time => Texts is null ? FixedTime : TimeSpan.MaxValue;
}
