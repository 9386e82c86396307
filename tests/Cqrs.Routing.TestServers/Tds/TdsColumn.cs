namespace Cqrs.Routing.TestServers.Tds;

public sealed record TdsColumn(string Name, TdsType Type)
{
    /// <summary>A column that takes such a value.</summary>
    public static TdsColumn Of(string name, object? value) => new(name, value switch
    {
        bool => TdsType.Bit,
        int => TdsType.Int,
        long => TdsType.BigInt,
        UInt128 => TdsType.Lsn,
        _ => TdsType.NVarChar,
    });
}
