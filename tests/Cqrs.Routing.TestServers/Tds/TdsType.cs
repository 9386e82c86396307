namespace Cqrs.Routing.TestServers.Tds;

/// <summary>The types of columns that the stub knows; all take null.</summary>
public enum TdsType
{
    Bit,
    Int,
    BigInt,
    NVarChar,

    /// <summary>A log sequence number: <c>numeric(25,0)</c>.</summary>
    Lsn,
}
