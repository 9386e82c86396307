using System.Diagnostics.Metrics;
using Cqrs.Routing.Load.Chaos.Servers;

namespace Cqrs.Routing.Load.Chaos.Load;

/// <summary>How many connections the application has taken from its pools and not given back, as Npgsql counts them.</summary>
internal static class ConnectionsInUse
{
    private const string Meter = "Npgsql";
    private const string Connections = "db.client.connection.count";

    public static int Count()
    {
        var used = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Meter && instrument.Name == Connections)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, measurement, tags, _) => used += IsUsed(tags) ? measurement : 0);
        listener.Start();
        listener.RecordObservableInstruments();
        return used;
    }

    private static bool IsUsed(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (used, ours) = (false, false);
        foreach (var tag in tags)
        {
            used |= tag is { Key: "db.client.connection.state", Value: "used" };
            ours |= tag is { Key: "db.client.connection.pool.name", Value: string pool } && pool.Contains(ChaosServers.ApplicationName, StringComparison.Ordinal);
        }

        return used && ours;
    }
}
