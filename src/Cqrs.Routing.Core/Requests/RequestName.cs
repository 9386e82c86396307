namespace Cqrs.Routing.Requests;

/// <summary>Reads a request type's name as a person would: without generic arity, and with the types that it is nested in.</summary>
internal static class RequestName
{
    /// <summary>The innermost type that ends in a suffix decides, so <c>OrderCommand.Query</c> is a query.</summary>
    public static string? FirstSuffix(Type type, string suffix, string otherSuffix)
    {
        for (var current = type; current is not null; current = current.DeclaringType)
        {
            var name = WithoutArity(current.Name);
            if (name.EndsWith(suffix, StringComparison.Ordinal))
                return suffix;
            if (name.EndsWith(otherSuffix, StringComparison.Ordinal))
                return otherSuffix;
        }

        return null;
    }

    private static ReadOnlySpan<char> WithoutArity(string name)
    {
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : name.AsSpan(0, tick);
    }
}
