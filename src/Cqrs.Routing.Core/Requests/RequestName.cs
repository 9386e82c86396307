namespace Cqrs.Routing.Requests;

/// <summary>Reads a request type's name without generic arity, and with its declaring types.</summary>
internal static class RequestName
{
    /// <summary>Returns the suffix of the innermost type that ends in one, so <c>OrderCommand.Query</c> is a query.</summary>
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
