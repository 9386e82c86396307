namespace Cqrs.Routing.TestServers.Tds;

/// <summary>An error as SQL Server sends it.</summary>
/// <param name="Number">Of <c>sys.messages</c>.</param>
/// <param name="Class">The severity: 11 to 19 is the statement's, from 20 on the server closes the connection.</param>
/// <param name="State">Where in the server it came from.</param>
/// <param name="Message">For people.</param>
public sealed record TdsError(int Number, byte Class, byte State, string Message)
{
    private const byte FirstFatalClass = 20;

    public bool IsFatal => Class >= FirstFatalClass;
}
