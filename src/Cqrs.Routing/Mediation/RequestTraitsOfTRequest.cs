using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Mediation;

/// <summary>The traits of one request type, as a singleton service: the container caches it per closed type.</summary>
internal sealed class RequestTraits<TRequest> : RequestTraits
{
    public RequestTraits(IOptions<RoutingOptions> options, RouteFrames frames, ILoggerFactory? loggerFactory = null)
        : this(RequestClassifier.Classify(typeof(TRequest), options.Value), loggerFactory?.CreateLogger(Log.Category) ?? NullLogger.Instance)
    {
        Frames = frames;
    }

    private RequestTraits(RequestKind kind, ILogger logger)
        : base(
            typeof(TRequest),
            kind,
            RequestClassifier.ReadsFromPrimary(typeof(TRequest)),
            RequestClassifier.MaxStalenessOf(typeof(TRequest)),
            kind == RequestKind.Query ? new ReplicaUse(DisplayName.WithNamespace(typeof(TRequest)), logger) : null)
    {
        if (kind == RequestKind.Unmarked)
            Log.Unmarked(logger, FullName);
    }

    /// <summary>Begins a frame for each of these requests. Here, since a behavior is made for each of them.</summary>
    public RouteFrames Frames { get; } = null!;
}
