using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Mediation;

/// <summary>What the behaviors need of one request type, as a singleton service: the container caches it per closed type.</summary>
/// <remarks>Behaviors are made for every request, so this saves them a second service. Frames keep the traits only, which hold nothing of the application.</remarks>
internal sealed class RoutedRequest<TRequest>
{
    public RoutedRequest(IOptions<RoutingOptions> options, RouteFrames frames, ILoggerFactory? loggerFactory = null)
    {
        Traits = RequestTraits.Of(typeof(TRequest), options.Value);
        Frames = frames;
        if (Traits.Kind == RequestKind.Unmarked && loggerFactory is not null)
            Log.Unmarked(loggerFactory.CreateLogger(Log.Category), Traits.FullName);
    }

    public RequestTraits Traits { get; }

    /// <summary>Begins a frame for each of these requests.</summary>
    public RouteFrames Frames { get; }
}
