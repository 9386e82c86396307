using System.Globalization;
using System.Reflection;
using Cqrs.Routing.Internal;

namespace Cqrs.Routing.Requests;

/// <summary>Distinguishes queries from commands: by markers first, then by the application's conventions.</summary>
internal static class RequestClassifier
{
    public static RequestKind Classify(Type type, RoutingOptions options)
    {
        var marked = ClassifyByMarker(type, options);
        return marked != RequestKind.Unclassified
            ? marked
            : Decide(type, Matches(options.QueryConventions, type), Matches(options.CommandConventions, type), "matches a query and a command convention");
    }

    /// <exception cref="InvalidOperationException">The type carries both markers.</exception>
    public static void EnsureOneMarker(Type type, RoutingOptions options) => ClassifyByMarker(type, options);

    public static bool ReadsFromPrimary(Type type) => type.IsDefined(typeof(ReadFromPrimaryAttribute), inherit: true);

    /// <exception cref="InvalidOperationException">The attribute requires a staleness that no replica can have.</exception>
    public static TimeSpan? MaxStalenessOf(Type type) => type.GetCustomAttribute<MaxStalenessAttribute>(inherit: true) switch
    {
        null => null,
        { Seconds: > 0 and < int.MaxValue } attribute => TimeSpan.FromSeconds(attribute.Seconds),
        { } attribute => throw new InvalidOperationException(
            $"[MaxStaleness({attribute.Seconds.ToString(CultureInfo.InvariantCulture)})] on '{TypeNames.Format(type)}' is not a staleness that a replica can have. "
            + "Give a number of seconds above zero, or use [ReadFromPrimary] for zero. [CR207]"),
    };

    private static RequestKind Decide(Type type, bool query, bool command, string problem) => (query, command) switch
    {
        (true, true) => throw new InvalidOperationException(
            $"The request '{TypeNames.Format(type)}' {problem}, so it cannot be routed. Make it a query (it only reads) or a command (it may write), not both. [CR206]"),
        (true, _) => RequestKind.Query,
        (_, true) => RequestKind.Command,
        _ => RequestKind.Unclassified,
    };

    private static RequestKind ClassifyByMarker(Type type, RoutingOptions options) =>
        Decide(type, Implements(type, options.QueryMarkers), Implements(type, options.CommandMarkers), "implements both a query and a command marker");

    private static bool Implements(Type type, IReadOnlySet<Type> markers) =>
        type.GetInterfaces().Any(candidate => markers.Contains(candidate.IsConstructedGenericType ? candidate.GetGenericTypeDefinition() : candidate));

    private static bool Matches(IReadOnlyList<Func<Type, bool>> conventions, Type type) => conventions.Any(convention => convention(type));
}
