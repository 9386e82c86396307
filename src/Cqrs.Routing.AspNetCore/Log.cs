using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.AspNetCore;

/// <summary>All log messages of this package. In one class, since the generator writes several in an order that changes from build to build, and with it the bytes of the package.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Endpoint} changed data after its response had begun, so the user's next request may not see it. Finish writing before the first byte of the response.")]
    public static partial void ChangedTooLate(ILogger logger, string endpoint);

    [LoggerMessage(2, LogLevel.Error, "A session could not be carried on, so the user's next request may not see what this one wrote.")]
    public static partial void NotCarried(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "A session could not be taken up, so its queries run on the primary.")]
    public static partial void NotResumed(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "AddRoutingSessions() was called and UseRoutingSessions() was not, so a user's next request may not see what this one wrote. Call app.UseRoutingSessions() before endpoints and authentication.")]
    public static partial void NotUsed(ILogger logger);
}
