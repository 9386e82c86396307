using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Cqrs.Routing.Diagnostics;

namespace Cqrs.Routing.Tests.Diagnostics;

/// <summary>The names that the library gives, as they are in code.</summary>
internal static class DocumentedNames
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../.."));

    public static IReadOnlyList<string> Tags { get; } =
        [.. Constants(typeof(RoutingMetrics)).Concat(Constants(typeof(RoutingActivity))).Where(constant => constant.Name.EndsWith("Tag", StringComparison.Ordinal)).Select(constant => constant.Value).Distinct()];

    public static IReadOnlyList<Instrument> Instruments()
    {
        // A class creates its instruments when it is first used, and which tests ran before must not matter.
        var owners = typeof(RoutingMetrics).Assembly.GetTypes()
            .Where(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public).Any(field => typeof(Instrument).IsAssignableFrom(field.FieldType)))
            .ToList();
        owners.ForEach(owner => RuntimeHelpers.RunClassConstructor(owner.TypeHandle));

        List<Instrument> instruments = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == RoutingTelemetry.MeterName)
                instruments.Add(instrument);
        };
        listener.Start();
        return instruments;
    }

    private static IEnumerable<(string Name, string Value)> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (field.Name, (string)field.GetRawConstantValue()!));

    private static string Here([CallerFilePath] string path = "") => path;
}
