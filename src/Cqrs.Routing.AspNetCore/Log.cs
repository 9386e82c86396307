using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.AspNetCore;

/// <summary>Contains the log messages of this package.</summary>
/// <remarks>They are in one class: the generator writes several classes in an order that changes from build to build, and so do the bytes of the package.</remarks>
internal static partial class Log
{
    [LoggerMessage(91, LogLevel.Warning, "{Endpoint} changed data after its response had begun, so the user's next request may not see it. Finish writing before the first byte of the response. [CR091]")]
    public static partial void ChangedTooLate(ILogger logger, string endpoint);

    [LoggerMessage(92, LogLevel.Error, "The session could not be written to the response, so the user's next request may not see what this request wrote. [CR092]")]
    public static partial void NotCarried(ILogger logger, Exception exception);

    [LoggerMessage(93, LogLevel.Error, "The session of a request could not be read, so its queries run on the primary. [CR093]")]
    public static partial void NotResumed(ILogger logger, Exception exception);

    [LoggerMessage(94, LogLevel.Warning, "AddRoutingSessions() was called, but UseRoutingSessions() was not, so a user's next request may not see what this one wrote. Call app.UseRoutingSessions() before endpoints and authentication. [CR094]")]
    public static partial void NotUsed(ILogger logger);
}
