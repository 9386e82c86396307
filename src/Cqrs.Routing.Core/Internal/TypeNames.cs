namespace Cqrs.Routing.Internal;

internal static class TypeNames
{
    /// <summary>Returns a type's name as it is written in C#, with its declaring types and type arguments, without namespaces.</summary>
    public static string Format(Type type)
    {
        var name = type.Name;
        if (type.IsGenericType)
        {
            var tick = name.IndexOf('`', StringComparison.Ordinal);
            var arguments = string.Join(", ", type.GetGenericArguments().Select(Format));
            name = tick < 0 ? name : $"{name[..tick]}<{arguments}>";
        }

        return type.DeclaringType is { } outer && !type.IsGenericParameter ? $"{Format(outer).Split('<')[0]}.{name}" : name;
    }

    /// <summary>Returns the same name with the namespace, to distinguish types of one name.</summary>
    public static string WithNamespace(Type type) => type.Namespace is { Length: > 0 } space ? $"{space}.{Format(type)}" : Format(type);
}
