using System.Data.Common;

namespace Cqrs.Routing.Diagnostics;

internal static class ErrorCode
{
    /// <summary>Returns the type and code of an error, and the driver's own words.</summary>
    /// <remarks>Only for errors of opening a connection, of an unavailable server, and of missing objects or permissions: the texts of others may contain values.</remarks>
    public static string GetWithText(Exception error) => $"{Get(error)}: {error.Message.TrimEnd('.')}";

    /// <summary>Returns the type and code of a database's error, without its text, which may contain values.</summary>
    public static string Get(Exception error)
    {
        var code = (error as DbException)?.SqlState ?? error.Data["HelpLink.EvtID"] as string;
        var cause = error.InnerException is { } inner ? $" ({inner.GetType().Name})" : "";
        return code is null ? error.GetType().Name + cause : $"{error.GetType().Name} {code}{cause}";
    }
}
